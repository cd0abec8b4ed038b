/* A crowd of listeners in one thread: opens N event streams, counts every delivery on each and records when it arrived.

     load listen --port 8000 --path /live/club/1 --listeners 10000 --marker 'id: ' [--end '\n\n'] [--in-flight 200]
                 [--ready head|message] [--websocket] [--sources 32]
     load probe  --port 8000 --path /clubs/1 [--pause 5]

   A delivery is the marker, a number, and everything up to the end mark. `listen` opens all streams, prints one line of
   JSON, and then executes commands from its standard input, one a line:

     mark            forget earlier deliveries; prints {"marked": true}
     expect 5000     wait up to 5,000 ms until every stream has a delivery since the mark; prints the times
     look            prints the same without waiting
     follow 50       record the times of the next 50 numbers; a skipped number counts as delivered with the next one
     followed 5000   wait up to 5,000 ms until every stream has the last of them; prints the times of each
     quit            close all streams (as does the end of the input)

   `probe` requests an ordinary page repeatedly, on a new connection each time, until its input ends.

   Times are nanoseconds of CLOCK_MONOTONIC, like Python's time.monotonic_ns(); the publisher subtracts its own. The exit code is
   1 if a stream was lost, a delivery was missing, duplicated or out of order, or a page's status was not 200. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CARRY = 64, BUFFER = 256 * 1024, EVENTS = 512, SECOND = 1000 * 1000 * 1000 };
enum { CONNECT_PATIENCE = 60, PROBES = 1000 * 1000 };

typedef enum { CONNECTING, HEAD, SEEKING, INSIDE, CLOSED } Phase;

typedef struct {
    int socket;
    Phase phase;
    bool ready;
    int carried;         /* bytes at the end of the last read that may begin a delivery */
    int deliveries;      /* since the mark */
    long number;         /* of the newest delivery, possibly still incomplete */
    long whole;          /* of the newest complete delivery */
    long long began, readied, arrived; /* arrived: the first delivery since the mark */
    char carry[CARRY];
} Client;

typedef struct {
    int port, listeners, in_flight, sources, pause;
    const char *path, *marker, *end;
    bool websocket, ready_with_head;
} Options;

static Options options = {.in_flight = 200, .sources = 32, .pause = 5, .end = "\n\n", .path = "/", .marker = "id: "};
static Client *clients;
static char buffer[CARRY + BUFFER];
static char request[2048];
static size_t marker_length, end_length;
static int epoll, opened, ready, lost, backward, reached;

/* Recorded by `follow`: moments[change][listener] of the numbers after `base`, and how many streams have the last one. */
static long long *moments;
static long base;
static int changes, finished;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * SECOND + time.tv_nsec;
}

static void die(const char *what) {
    perror(what);
    exit(2);
}

/* ---- one stream ---- */

static void lose(Client *client, const char *why) {
    static const char *const phases[] = {"before it was accepted", "before its head", "between events", "amid an event"};
    if (client->phase == CLOSED) return;
    if (!lost++) fprintf(stderr, "a stream was lost %s, %d of %d are ready: %s\n", phases[client->phase], ready, options.listeners, why);
    close(client->socket);
    client->phase = CLOSED;
}

static void become_ready(Client *client, long long moment) {
    if (client->ready) return;
    client->ready = true;
    client->readied = moment;
    ready++;
}

static void keep_moments(Client *client, long long moment) {
    long number = (client->whole > base ? client->whole : base) + 1, last = base + changes;
    for (; number <= client->number && number <= last; number++) {
        moments[(number - base - 1) * options.listeners + (client - clients)] = moment;
        finished += number == last;
    }
}

static void deliver(Client *client, long long moment) {
    if (client->number < client->whole) backward++;
    if (changes) keep_moments(client, moment);
    client->whole = client->number;
    if (client->deliveries++ == 0) {
        client->arrived = moment;
        reached++;
    }
    become_ready(client, moment);
}

/* Each parser consumes what it understands and returns where it stopped; NULL if it needs more bytes. */

static char *eat_head(Client *client, char *from, char *to, long long moment) {
    const char *wanted = options.websocket ? "HTTP/1.1 101" : "HTTP/1.1 200";
    if (to - from >= 12 && memcmp(from, "HTTP/1.", 7) == 0 && memcmp(from + 8, wanted + 8, 4) != 0) {
        to[-1] = 0;
        from[strcspn(from, "\r\n")] = 0;
        lose(client, from);
        return NULL;
    }
    char *end = memmem(from, to - from, "\r\n\r\n", 4);
    if (!end) return NULL;
    client->phase = SEEKING;
    if (options.ready_with_head) become_ready(client, moment);
    return end + 4;
}

static char *eat_marker(Client *client, char *from, char *to) {
    char *found = memmem(from, to - from, options.marker, marker_length);
    if (!found) return NULL;
    char *digit = found + marker_length;
    long number = 0;
    while (digit < to && *digit >= '0' && *digit <= '9') number = number * 10 + (*digit++ - '0');
    if (digit == to) return NULL;
    client->number = number;
    client->phase = INSIDE;
    return digit;
}

static char *eat_end(Client *client, char *from, char *to, long long moment) {
    char *found = memmem(from, to - from, options.end, end_length);
    if (!found) return NULL;
    deliver(client, moment);
    client->phase = SEEKING;
    return found + end_length;
}

static void keep(Client *client, char *from, char *to) {
    size_t longest = client->phase == SEEKING ? CARRY : client->phase == HEAD ? 3 : end_length - 1;
    if ((size_t)(to - from) > longest) from = to - longest;
    client->carried = to - from;
    memcpy(client->carry, from, client->carried);
}

static void eat(Client *client, char *from, char *to, long long moment) {
    char *next = from;
    while (next) {
        from = next;
        if (client->phase == HEAD) next = eat_head(client, from, to, moment);
        else if (client->phase == SEEKING) next = eat_marker(client, from, to);
        else next = eat_end(client, from, to, moment);
        if (client->phase == CLOSED) return;
    }
    keep(client, from, to);
}

static void read_from(Client *client) {
    for (;;) {
        char *from = buffer + CARRY - client->carried;
        ssize_t length = recv(client->socket, buffer + CARRY, BUFFER, 0);
        if (length < 0 && errno == EAGAIN) return;
        if (length <= 0) {
            lose(client, length ? strerror(errno) : "the server closed it");
            return;
        }
        long long moment = now();
        memcpy(from, client->carry, client->carried);
        eat(client, from, buffer + CARRY + length, moment);
        if (length < BUFFER || client->phase == CLOSED) return;
    }
}

static void connect_one(Client *client, int place) {
    struct sockaddr_in source = {.sin_family = AF_INET}, server = {.sin_family = AF_INET};
    source.sin_addr.s_addr = htonl(0x7f000002 + place % options.sources);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.sin_port = htons(options.port);
    client->began = now();
    client->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (client->socket < 0) die("socket");
    setsockopt(client->socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){1}, sizeof(int));
    if (bind(client->socket, (struct sockaddr *)&source, sizeof source)) die("bind");
    if (connect(client->socket, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS) die("connect");
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = client};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, client->socket, &wanted)) die("epoll_ctl");
    opened++;
}

static void answer(Client *client, unsigned events) {
    if (client->phase == CONNECTING && events & EPOLLOUT && !(events & (EPOLLERR | EPOLLHUP))) {
        size_t length = strlen(request);
        if (send(client->socket, request, length, MSG_NOSIGNAL) != (ssize_t)length) lose(client, strerror(errno));
        else client->phase = HEAD;
    }
    if (client->phase != CLOSED && events & (EPOLLIN | EPOLLERR | EPOLLHUP)) read_from(client);
}

static void turn(int milliseconds) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll, events, EVENTS, milliseconds);
    for (int each = 0; each < count; each++)
        if (events[each].data.ptr) answer(events[each].data.ptr, events[each].events);
}

/* ---- output ---- */

static int compare(const void *left, const void *right) {
    long long a = *(const long long *)left, b = *(const long long *)right;
    return (a > b) - (a < b);
}

/* p50, p99, first and last of these times; sorts them. */
static void say_spread(long long *values, int count) {
    qsort(values, count, sizeof *values, compare);
    printf("\"first\": %lld, \"p50\": %lld, \"p99\": %lld, \"last\": %lld", values[0], values[count / 2],
           values[(long)count * 99 / 100], values[count - 1]);
}

static void explain_unready(void) {
    int phases[CLOSED + 1] = {0};
    for (int each = 0; each < opened; each++) phases[clients[each].phase] += !clients[each].ready;
    fprintf(stderr, "not ready: %d not opened, %d not accepted, %d without a head, %d without an event, %d amid one, %d closed\n",
            options.listeners - opened, phases[CONNECTING], phases[HEAD], phases[SEEKING], phases[INSIDE], phases[CLOSED]);
}

static void say_connected(long long began) {
    long long *took = calloc(options.listeners + 1, sizeof *took), last = began;
    int count = 0;
    for (int each = 0; each < options.listeners; each++)
        if (clients[each].ready) {
            took[count++] = clients[each].readied - clients[each].began;
            if (clients[each].readied > last) last = clients[each].readied;
        }
    printf("{\"ready\": %d, \"lost\": %d, \"nanoseconds\": %lld, ", ready, lost, last - began);
    say_spread(took, count ? count : 1);
    puts("}");
    free(took);
}

static void say_deliveries(void) {
    long long *arrived = calloc(options.listeners + 1, sizeof *arrived);
    long low = 0, high = 0;
    int count = 0, repeated = 0;
    for (int each = 0; each < options.listeners; each++) {
        Client *client = &clients[each];
        if (client->phase == CLOSED || !client->deliveries) continue;
        if (!count || client->whole < low) low = client->whole;
        if (!count || client->whole > high) high = client->whole;
        repeated += client->deliveries > 1;
        arrived[count++] = client->arrived;
    }
    printf("{\"delivered\": %d, \"short\": %d, \"repeated\": %d, \"lost\": %d, \"backward\": %d, \"low\": %ld, \"high\": %ld, ",
           count, options.listeners - count, repeated, lost, backward, low, high);
    say_spread(arrived, count ? count : 1);
    puts("}");
    free(arrived);
}

static void say_followed(void) {
    printf("{\"short\": %d, \"lost\": %d, \"backward\": %d, \"changes\": [", options.listeners - finished, lost, backward);
    for (int each = 0; each < changes; each++) {
        printf("%s{", each ? ", " : "");
        say_spread(moments + (size_t)each * options.listeners, options.listeners);
        printf("}");
    }
    puts("]}");
}

/* ---- commands ---- */

static void connect_all(void) {
    long long began = now(), patience = began + (long long)CONNECT_PATIENCE * SECOND;
    while (ready + lost < options.listeners && now() < patience) {
        while (opened < options.listeners && opened - ready - lost < options.in_flight) {
            connect_one(&clients[opened], opened);
            if (opened % 64 == 0) break;
        }
        turn(opened < options.listeners && opened - ready - lost < options.in_flight ? 0 : 100);
    }
    if (ready < options.listeners) explain_unready();
    say_connected(began);
}

static void mark(void) {
    reached = 0;
    for (int each = 0; each < options.listeners; each++) clients[each].deliveries = 0;
    puts("{\"marked\": true}");
}

static bool expect(int milliseconds) {
    long long patience = now() + milliseconds * 1000000LL;
    while (reached < options.listeners - lost && now() < patience) turn(10);
    say_deliveries();
    return reached == options.listeners;
}

/* All streams must be at the same number now. */
static void follow(int count) {
    free(moments);
    moments = calloc((size_t)count * options.listeners, sizeof *moments);
    base = clients[0].whole;
    changes = count;
    finished = 0;
    puts("{\"following\": true}");
}

static bool followed(int milliseconds) {
    long long patience = now() + milliseconds * 1000000LL;
    while (finished < options.listeners - lost && now() < patience) turn(10);
    say_followed();
    changes = 0;
    return finished == options.listeners;
}

/* Executes commands until the end of the input; false if any delivery was missing. */
static bool obey(void) {
    struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &wanted);
    char line[64];
    bool complete = ready == options.listeners;
    for (;;) {
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        if (poll(&input, 1, 0) == 0) {
            turn(1000);
            continue;
        }
        if (!fgets(line, sizeof line, stdin) || !strncmp(line, "quit", 4)) return complete;
        if (!strncmp(line, "mark", 4)) mark();
        else if (!strncmp(line, "expect", 6)) complete &= expect(atoi(line + 6));
        else if (!strncmp(line, "look", 4)) say_deliveries();
        else if (!strncmp(line, "followed", 8)) complete &= followed(atoi(line + 8));
        else if (!strncmp(line, "follow", 6)) follow(atoi(line + 6));
    }
}

static int listen_to_streams(void) {
    clients = calloc(options.listeners, sizeof *clients);
    epoll = epoll_create1(0);
    connect_all();
    bool complete = obey();
    return complete && !lost && !backward ? 0 : 1;
}

/* Nanoseconds for one page on a new connection; -1 unless the status is 200. */
static long long ask_for_page(void) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(options.port)};
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    long long began = now();
    int page = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval patience = {.tv_sec = CONNECT_PATIENCE};
    setsockopt(page, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    bool asked = !connect(page, (struct sockaddr *)&server, sizeof server) &&
                 send(page, request, strlen(request), MSG_NOSIGNAL) > 0;
    ssize_t length, total = 0;
    char head[13] = "";
    while (asked && (length = recv(page, buffer, BUFFER, 0)) > 0) {
        if (!total) memcpy(head, buffer, length < 12 ? length : 12);
        total += length;
    }
    close(page);
    return asked && !strcmp(head + 8, " 200") ? now() - began : -1;
}

static int probe_pages(void) {
    static long long took[PROBES];
    int count = 0, refused = 0;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    puts("{\"probing\": true}");
    while (count < PROBES && poll(&input, 1, options.pause) == 0) {
        long long time = ask_for_page();
        if (time < 0) refused++;
        else took[count++] = time;
    }
    printf("{\"pages\": %d, \"refused\": %d, ", count, refused);
    say_spread(took, count ? count : 1);
    puts("}");
    return refused ? 1 : 0;
}

/* ---- arguments ---- */

/* As long as a browser's request, because parsing costs by the byte. */
static void write_request(bool is_page) {
    const char *upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    int length = snprintf(
        request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%sAccept: %s\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 "
        "Safari/537.36\r\nAccept-Encoding: identity\r\nAccept-Language: ru-RU,ru;q=0.9\r\nCache-Control: no-cache\r\n"
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
        "Referer: http://127.0.0.1:%d/clubs/1\r\nOrigin: http://127.0.0.1:%d\r\n\r\n",
        options.path, options.port, options.websocket ? upgrade : is_page ? "Connection: close\r\n" : "Connection: keep-alive\r\n",
        is_page ? "text/html" : "text/event-stream", options.port, options.port);
    if (length < 0 || (size_t)length >= sizeof request) die("the path is too long");
}

/* Unescapes "\n" given as two characters. */
static const char *unescaped(char *text) {
    char *to = text;
    for (const char *from = text; *from; from++) *to++ = from[0] == '\\' && from[1] == 'n' ? (from++, '\n') : *from;
    *to = 0;
    return text;
}

static void read_options(int count, char **words) {
    static const struct option known[] = {
        {"port", 1, 0, 'p'},    {"path", 1, 0, 'a'},  {"listeners", 1, 0, 'n'}, {"marker", 1, 0, 'm'}, {"end", 1, 0, 'e'},
        {"in-flight", 1, 0, 'k'}, {"ready", 1, 0, 'r'}, {"websocket", 0, 0, 'w'}, {"sources", 1, 0, 's'}, {"pause", 1, 0, 'u'}, {0}};
    for (int option; (option = getopt_long(count, words, "", known, NULL)) != -1;) switch (option) {
            case 'p': options.port = atoi(optarg); break;
            case 'a': options.path = optarg; break;
            case 'n': options.listeners = atoi(optarg); break;
            case 'm': options.marker = unescaped(optarg); break;
            case 'e': options.end = unescaped(optarg); break;
            case 'k': options.in_flight = atoi(optarg); break;
            case 'r': options.ready_with_head = !strcmp(optarg, "head"); break;
            case 'w': options.websocket = true; break;
            case 's': options.sources = atoi(optarg); break;
            case 'u': options.pause = atoi(optarg); break;
            default: exit(2);
        }
    marker_length = strlen(options.marker);
    end_length = strlen(options.end);
    if (!marker_length || marker_length > 40 || !end_length || end_length > 40) die("marker and end have 1 to 40 bytes");
}

int main(int count, char **words) {
    bool is_probe = count > 1 && !strcmp(words[1], "probe");
    if (!is_probe && (count < 2 || strcmp(words[1], "listen"))) {
        fprintf(stderr, "load listen|probe --port … --path … (see the head of bench/load.c)\n");
        return 2;
    }
    read_options(count - 1, words + 1);
    write_request(is_probe);
    setvbuf(stdout, NULL, _IOLBF, 0);
    setvbuf(stdin, NULL, _IONBF, 0); /* poll must see the second of two lines */
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    return is_probe ? probe_pages() : listen_to_streams();
}

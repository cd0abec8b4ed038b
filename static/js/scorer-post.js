// Sends one tap and resolves to its response; status 0: there was none.
window.postTap = async ({ action, fields }) => {
  const PATIENCE = 10_000;
  // The CSRF token of the page on which an old tap was made may have expired.
  const { value } = document.querySelector("[name=csrf_token]");
  const body = new URLSearchParams({ ...fields, csrf_token: value });
  const headers = { "HX-Request": "true" };
  try {
    const answer = await fetch(action, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return { status: 0, text: "" };
  }
};

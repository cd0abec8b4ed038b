// Sends one tap and resolves to its answer; status 0: there was none.
window.postTap = async ({ action, fields }) => {
  const PATIENCE = 10_000;
  // A tap that was kept for long was made on a page whose token may be over.
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

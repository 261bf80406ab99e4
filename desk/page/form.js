// The form: the review page of the last run, as a stranger in a frame.

async function drawForm(main) {
  if (!desk.state.quarter.results) return headed(main, word("screen_form"), word("form_about"), notCounted());
  const { ticket } = await ask("POST", "ticket", { body: { file: "review.html" } });
  headed(main, word("screen_form"), word("form_about"), countAgain(),
    el("iframe", { class: "review", title: word("screen_form"), src: `/api/out/${ticket}#framed-${LANGS[desk.lang]}`, sandbox: "allow-scripts" }));
}

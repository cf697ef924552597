// The picture: nothing of the provider's is loaded before a press.

export function mountStage() {
  const stage = document.getElementById("stage");
  const button = stage?.querySelector(".stage-wait a");
  if (!button) return;
  button.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own was asked for
    event.preventDefault();
    const frame = document.getElementById("frame-mould").content.querySelector("iframe").cloneNode();
    if ("call" in stage.dataset) frame.allow += "; camera; microphone; display-capture";
    frame.title = stage.dataset.title;
    frame.src = stage.dataset.player;
    stage.replaceChildren(frame);
    frame.focus();
  });
}

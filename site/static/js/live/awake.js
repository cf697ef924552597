// A screen that people look at does not go to sleep, where the browser allows to ask for that.

export function stayAwake() {
  if (!navigator.wakeLock) return;
  const ask = () => document.hidden || navigator.wakeLock.request("screen").catch(() => {}); // refused: low battery
  document.addEventListener("visibilitychange", ask); // it is let go whenever the page is hidden
  ask();
}

// Keeps the monitoring page fresh. Everything shown comes from the server; without this file the page reloads itself.
(() => {
  "use strict";
  const SHOWN_MS = 5000, HIDDEN_MS = 60000;
  let timer = null, asking = false;

  const monitor = () => document.getElementById("monitor");
  const asked = (event) => event.detail.requestConfig && event.detail.requestConfig.elt.id === "monitor";

  function plan() {
    clearTimeout(timer);
    if (!monitor()) return;
    timer = setTimeout(() => {
      if (asking) return plan();
      asking = true;
      htmx.trigger(monitor(), "poll");
    }, document.hidden ? HIDDEN_MS : SHOWN_MS);
  }

  // A swap must not shut what the reader has opened, nor throw the keyboard out of it.
  const opened = new Map();
  let focused = "";
  function remember() {
    document.querySelectorAll("#monitor details[data-keep]").forEach((each) => opened.set(each.dataset.keep, each.open));
    const within = monitor().contains(document.activeElement) && document.activeElement.closest("details[data-keep]");
    focused = within ? within.dataset.keep : "";
  }
  function restore() {
    document.querySelectorAll("#monitor details[data-keep]").forEach((each) => {
      if (opened.has(each.dataset.keep)) each.open = opened.get(each.dataset.keep);
      if (focused && each.dataset.keep === focused) each.querySelector("summary").focus({ preventScroll: true });
    });
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "monitor") return;
    // Signed out meanwhile, or no operator any more: the full page says so better.
    if (!/id="monitor"/.test(event.detail.serverResponse)) {
      event.detail.shouldSwap = false;
      window.location.reload();
      return;
    }
    remember();
  });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "monitor") restore(); });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!asked(event)) return;
    asking = false;
    const status = event.detail.xhr ? event.detail.xhr.status : 0;
    const notice = document.getElementById("monitor-lost");
    if (notice) notice.hidden = status !== 0 && status < 500;
    if (status === 403 || status === 404) window.location.reload();
    plan();
  });
  document.addEventListener("visibilitychange", plan);
  document.addEventListener("DOMContentLoaded", plan);
})();

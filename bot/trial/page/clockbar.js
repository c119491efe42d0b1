// The bar with the trial's clock: what time it is there, and the ways forward.

import { scrollToEnd } from "./chat.js";
import { formatDate } from "./message.js";
import { browserZone, known, now, post, zone } from "./telegram.js";

const bar = document.querySelector(".clockbar");
const time = document.getElementById("clock");
const zoneName = document.getElementById("zone");
const playing = document.getElementById("playing");
const plays = [...document.querySelectorAll(".play")];
const startOver = document.getElementById("start-over");
const confirm = document.getElementById("confirm");
let asked = null;

export function drawClock() {
  const date = now();
  const parts = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
  const day = formatDate(date, parts).replace(",", "");
  const text = `${day}, ${formatDate(date, { hour: "2-digit", minute: "2-digit" })}`;
  if (time.textContent !== text) {
    time.textContent = text;
    time.dateTime = date.toISOString();
  }
  drawProgress();
}

function drawProgress() {
  const until = known.clock?.until;
  const busy = Boolean(until || asked);
  bar.classList.toggle("busy", busy);
  startOver.disabled = busy;
  for (const play of plays) {
    play.disabled = busy;
    play.classList.toggle("going", play === asked);
  }
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  const where = until && formatDate(until, parts);
  zoneName.textContent = where ? `→ ${where}` : `(${zone().replaceAll("_", " ")})`;
  const status = where ? `Playing to ${where}` : "";
  if (playing.textContent !== status) playing.textContent = status; // said aloud only when it changes
}

export function startClock(complain) {
  setInterval(drawClock, 500);
  for (const play of plays) {
    play.addEventListener("click", async () => {
      asked = play;
      drawProgress();
      scrollToEnd();
      try {
        await post("clock", { to: play.dataset.to, zone: browserZone });
      } catch (error) {
        complain(error.message);
      }
      asked = null;
      drawProgress();
    });
  }
  startOver.addEventListener("click", () => {
    confirm.returnValue = "no";
    confirm.showModal();
  });
  confirm.addEventListener("close", () => {
    if (confirm.returnValue === "yes") post("start_over").catch((error) => complain(error.message));
  });
}

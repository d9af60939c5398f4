"use strict";
// The app starts over the server that it came from.

logIn().then(() => startDesk(remoteSource(desk))).then(startReview).catch((error) => {
  byId("lead").textContent = `This page can't show its records: ${error.message}`;
  throw error;
});

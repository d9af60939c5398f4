"use strict";
// A report starts over the data that it carries.

memorySource()
  .then(startDesk)
  .catch((error) => {
    byId("lead").textContent = `This page can't show its records: ${error.message}`;
    throw error;
  });

// Deletes cached scorers' pages from this phone after sign-out or the end of the session, and makes Back reload pages.
forgetScorers();
localStorage.setItem("signed out", Date.now());

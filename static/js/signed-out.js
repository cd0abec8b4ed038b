// Who signs out, or whose session ended, leaves no scorer's page behind on this phone.
forgetScorers();

import { app } from 'electron';
import { startShell } from './shell';

// One Evenkeel at a time: a second start shows the window of the first.
if (app.requestSingleInstanceLock()) {
  void startShell();
} else {
  app.quit();
}

; Added to the generated installer and uninstaller.
;
; Silent use: "Evenkeel Setup <version>.exe" /S [/D=folder]
; Exit status 0: done. 2: Evenkeel is running; nothing was changed. Close it and start the installer again.

!include "nsProcess.nsh"

; The template would end a running Evenkeel by force. It may be in the middle of a job on a unit, so installer and
; uninstaller wait for a person instead; silent, they stop with status 2.
!macro customCheckAppRunning
  evenkeelCheck:
    ${nsProcess::FindProcess} "${APP_EXECUTABLE_FILENAME}" $R0
    StrCmp $R0 0 0 evenkeelNotRunning
    IfSilent evenkeelStop
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "Evenkeel is running and may be in the middle of a job. Close it, then choose Retry." IDRETRY evenkeelCheck
  evenkeelStop:
    SetErrorLevel 2
    Quit
  evenkeelNotRunning:
!macroend

; Added to the generated installer. Silent use: Evenkeel-Setup.exe /S [/D=folder]
!macro customHeader
  ; Hospital desktops may be managed in any language; the file's own details stay in one.
  ManifestSupportedOS Win10
!macroend

!macro customInit
  ; A running Evenkeel may hold jobs: the installer waits for a person instead of ending it. Silent: stops with code 2.
  FindWindow $0 "" "Evenkeel"
  StrCmp $0 0 notRunning
  IfSilent 0 askPerson
    SetErrorLevel 2
    Quit
  askPerson:
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "Evenkeel is running and may be in the middle of a job. Close it, then choose Retry." IDRETRY checkAgain
    Quit
  checkAgain:
    FindWindow $0 "" "Evenkeel"
    StrCmp $0 0 notRunning askPerson
  notRunning:
!macroend

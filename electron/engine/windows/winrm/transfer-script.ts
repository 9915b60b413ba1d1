/**
 * What `-EncodedCommand` carries to receive a file. Standard input comes line by line: the path in Base64 of UTF-8, the
 * bytes in lines of Base64, last `=` and the SHA-256 of all bytes in hex. It writes beside the target and renames when
 * the digest is right; otherwise nothing is left. One line of JSON is the answer. PowerShell 3.0 syntax; the same text
 * for every file, far below the 8191 characters of cmd.exe, and never more than one line in memory.
 */
export const TRANSFER_SCRIPT = `begin{
$ErrorActionPreference='Stop'
$ProgressPreference='SilentlyContinue'
[Console]::OutputEncoding=New-Object Text.UTF8Encoding $false
$evPath='';$evPart='';$evFile=$null;$evWant='';$evFault='';[long]$evBytes=0
$evHash=[Security.Cryptography.SHA256]::Create()
}
process{
foreach($evItem in @($input)){
if($evFault -ne ''){continue}
try{
$evLine=([string]$evItem).Trim([char[]](0xFEFF,32,13,10))
if($evLine -eq ''){continue}
if($evPath -eq ''){
$evPath=[Environment]::ExpandEnvironmentVariables([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($evLine)))
if(-not [IO.Path]::IsPathRooted($evPath)){throw 'The path is not absolute.'}
$evPart=$evPath+'.evenkeel-part'
$evFile=[IO.File]::Create($evPart)
}elseif($evLine.StartsWith('=')){$evWant=$evLine.Substring(1)}
else{
$evData=[Convert]::FromBase64String($evLine)
$evFile.Write($evData,0,$evData.Length)
[void]$evHash.TransformBlock($evData,0,$evData.Length,$evData,0)
$evBytes+=$evData.Length
}
}catch{$evFault=[string]$_.Exception.Message}
}
}
end{
$evGot=''
try{
if($null -ne $evFile){$evFile.Dispose()}
[void]$evHash.TransformFinalBlock((New-Object byte[] 0),0,0)
$evGot=([BitConverter]::ToString($evHash.Hash)).Replace('-','').ToLowerInvariant()
if($evFault -eq '' -and $evWant -eq ''){$evFault='The data ended early.'}
if($evFault -eq '' -and $evGot -ne $evWant){$evFault='The digest differs.'}
if($evFault -eq ''){
if([IO.File]::Exists($evPath)){[IO.File]::Replace($evPart,$evPath,[NullString]::Value)}
else{[IO.File]::Move($evPart,$evPath)}
}
}catch{$evFault=[string]$_.Exception.Message}
if($evFault -ne '' -and $evPart -ne ''){try{[IO.File]::Delete($evPart)}catch{$evFault+=' A part of the file stays.'}}
ConvertTo-Json -Compress @{ok=($evFault -eq '');bytes=$evBytes;sha256=$evGot;message=$evFault}
}`;

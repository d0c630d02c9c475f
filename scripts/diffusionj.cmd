@echo off
rem DiffusionJ from a Windows prompt. Builds itself on first use and after a change of the sources or of DIFFUSIONJ_MAVEN_OPTIONS; needs JDK 17 or later and Maven.
rem Written by reading: it has not been run on Windows.
setlocal
set "HERE=%~dp0.."
set "LAUNCH=%HERE%\target\launch"
set "STALE="

rem The options of the last build hold until others are given.
if not defined DIFFUSIONJ_MAVEN_OPTIONS if exist "%LAUNCH%\maven-options" set /p DIFFUSIONJ_MAVEN_OPTIONS=<"%LAUNCH%\maven-options"

if not exist "%LAUNCH%\classpath" set "STALE=yes"
if not defined STALE (
    powershell -NoProfile -Command "$built = (Get-Item -LiteralPath (Join-Path $env:LAUNCH 'classpath')).LastWriteTimeUtc; $places = 'pom.xml', 'src\main', 'models' | ForEach-Object { Join-Path $env:HERE $_ }; $newer = Get-ChildItem -LiteralPath $places -Recurse -File | Where-Object { $_.LastWriteTimeUtc -gt $built }; $options = Join-Path $env:LAUNCH 'maven-options'; $last = if (Test-Path -LiteralPath $options) { [IO.File]::ReadAllText($options) } else { '' }; exit [int]([bool]$newer -or $last -ne [string]$env:DIFFUSIONJ_MAVEN_OPTIONS)"
    if errorlevel 1 set "STALE=yes"
)
if not defined STALE goto run

echo Building DiffusionJ ... 1>&2
if not exist "%LAUNCH%" mkdir "%LAUNCH%"
call mvn -B -ntp -q -f "%HERE%\pom.xml" -DskipTests -Dlicense.skipCheckLicense %DIFFUSIONJ_MAVEN_OPTIONS% package > "%LAUNCH%\build.log" 2>&1
if errorlevel 1 (
    echo diffusionj: the build failed; see %LAUNCH%\build.log 1>&2
    exit /b 1
)
rem An argument file, since the class path is longer than a Windows command line may be; Java reads a backslash in it as an escape.
powershell -NoProfile -Command "$ErrorActionPreference = 'Stop'; $classes = (Join-Path $env:HERE 'target\classes') + ';' + (Get-Content -Raw -LiteralPath (Join-Path $env:HERE 'target\imagej-launch\runtime')).Trim(); [IO.File]::WriteAllText((Join-Path $env:LAUNCH 'arguments'), '-cp ' + [char]34 + $classes.Replace('\', '\\') + [char]34); [IO.File]::WriteAllText((Join-Path $env:LAUNCH 'maven-options'), [string]$env:DIFFUSIONJ_MAVEN_OPTIONS)"
if errorlevel 1 exit /b 1
copy /y "%HERE%\target\imagej-launch\runtime" "%LAUNCH%\classpath" > nul

:run
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
"%JAVA%" "@%LAUNCH%\arguments" %DIFFUSIONJ_JAVA_OPTIONS% net.diffusionj.cli.Main %*
exit /b %errorlevel%

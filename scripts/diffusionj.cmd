@echo off
rem DiffusionJ from a Windows prompt. Builds itself on first use and after "mvn clean"; needs JDK 17 or later and Maven.
setlocal
set "HERE=%~dp0.."
set "LAUNCH=%HERE%\target\launch"

if not exist "%LAUNCH%\classpath" (
    echo Building DiffusionJ ... 1>&2
    if not exist "%LAUNCH%" mkdir "%LAUNCH%"
    call mvn -B -ntp -q -f "%HERE%\pom.xml" -DskipTests package > "%LAUNCH%\build.log" 2>&1
    if errorlevel 1 (
        echo diffusionj: the build failed; see %LAUNCH%\build.log 1>&2
        exit /b 1
    )
    copy /y "%HERE%\target\imagej-launch\runtime" "%LAUNCH%\classpath" > nul
)

set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
set /p DEPENDENCIES=<"%LAUNCH%\classpath"
rem An argument file, since the class path is longer than a Windows command line may be.
set "CLASSES=%HERE%\target\classes;%DEPENDENCIES%"
> "%LAUNCH%\arguments" echo -cp "%CLASSES:\=\\%"
"%JAVA%" "@%LAUNCH%\arguments" %DIFFUSIONJ_JAVA_OPTIONS% net.diffusionj.cli.Main %*
exit /b %errorlevel%

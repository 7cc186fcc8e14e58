using System.Reflection;

namespace DtsMigrate.Worker.CommandLine;

/// <summary>What <c>--help</c> and <c>--version</c> say.</summary>
internal static class HelpText
{
    public const string Help = """
        dtsmigrate: migrates MySQL to MySQL online.

        Usage:
          dtsmigrate run TASK.json [--home DIR] [--until Completed|CaughtUp] [--json]
          dtsmigrate run TASK.json --role copy [--json]
          dtsmigrate status NAME   [--home DIR] [--json]
          dtsmigrate stop NAME     [--home DIR]
          dtsmigrate throttle NAME [--home DIR] [--full-queries-per-second N] [--full-rows-per-second N]
                                   [--full-megabytes-per-second N] [--incremental-rows-per-second N]
                                   [--incremental-megabytes-per-second N]
          dtsmigrate activate TASK.json [--home DIR]
          dtsmigrate precheck TASK.json [--home DIR] [--again] [--ignore CODE --reason TEXT] [--json]
          dtsmigrate assess TASK.json [--home DIR] [--json]
          dtsmigrate schema TASK.json [--out FILE]
          dtsmigrate ddl TASK.json [--json]
          dtsmigrate restore-settings TASK.json
          dtsmigrate --help | --version

        run       Runs a task in the foreground, or resumes it where it was. Ctrl+C, SIGTERM or 'stop'
                  end it with a checkpoint; a second Ctrl+C ends it at once.
                  With '--role copy' it is a further worker, on this machine or another one, for
                  the full copy of a task that is being run: it comes and goes at any time, and
                  ends when the copy is done.
        status    Shows where a task is.
        stop      Asks the task's worker to stop, and waits until it has.
        throttle  Changes the throttle of a task, while it runs or not, and shows it. What is not
                  named stays; 0 lifts a limit. A running task obeys within two seconds.
        activate  Ends a task with incremental data migration that has caught up and was stopped:
                  creates its triggers on the destination, or takes their guard off, and enables
                  its events. The task cannot be resumed after that.
        precheck  Runs every check and changes nothing; with '--again' only what failed last time.
                  '--ignore' lets a task start in spite of an item that failed and may be ignored,
                  until that item finds something else. Exit code 3: the start is blocked.
        assess    Tells what the destination's version takes otherwise than the source's, what the
                  objects need, and how large the task is. Changes nothing and blocks nothing.
        schema    Dry run of schema migration: prints everything that it would execute on the
                  destination, in order, as a script for the mysql client. Changes nothing.
        ddl       The DDL log: each DDL statement of the source that the stream has met, what was run
                  on the destination for it, and what came of it. Oldest first.
        restore-settings
                  Sets back what a killed task has changed on the destination server
                  (destinationTuning) and that will not be started again.

        --home DIR     Folder of all tasks; default $DTSMIGRATE_HOME, else the user's state folder.
        --until WHEN   Completed (default): when all is done; a task with incremental data migration
                       runs until it is stopped. CaughtUp: when the full copy is done and everything
                       that the source had executed by then is applied.
        --json         Status as JSON, one object a line, and nothing else on standard output.

        Exit codes: 0 done or stopped, 2 bad usage or definition, 3 precheck blocked, 4 failed.
        Set DTSMIGRATE_DEBUG=1 for stack traces.
        """;

    public static string Version
    {
        get
        {
            string version = typeof(HelpText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            return "dtsmigrate " + version.Split('+')[0];
        }
    }
}

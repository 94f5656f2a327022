using System.Globalization;

namespace Orchestrator.AgentService.Execution.Commands;

/// <summary>How a command ended, in the reference's words.</summary>
internal static class Signals
{
    private const int FirstSignalCode = 128;

    // As strsignal names them; 1 is SIGHUP.
    private static readonly string[] s_names =
    [
        "Hangup", "Interrupt", "Quit", "Illegal instruction", "Trace/breakpoint trap", "Aborted", "Bus error", "Floating point exception",
        "Killed", "User defined signal 1", "Segmentation fault", "User defined signal 2", "Broken pipe", "Alarm clock", "Terminated",
        "Stack fault", "Child exited", "Continued", "Stopped (signal)", "Stopped", "Stopped (tty input)", "Stopped (tty output)",
        "Urgent I/O condition", "CPU time limit exceeded", "File size limit exceeded", "Virtual timer expired", "Profiling timer expired",
        "Window changed", "I/O possible", "Power failure", "Bad system call",
    ];

    /// <summary>
    /// The sentence for a code of a shell. A shell says 128 + signal, so a command that itself exits with such a code cannot
    /// be told from one that was ended by the signal.
    /// </summary>
    internal static string Describe(int code) => code > FirstSignalCode && code <= FirstSignalCode + s_names.Length
        ? $"Command terminated with signal {s_names[code - FirstSignalCode - 1]}"
        : string.Create(CultureInfo.InvariantCulture, $"Command exited with status {code}");
}

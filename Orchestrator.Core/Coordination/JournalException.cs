namespace Orchestrator.Core.Coordination;

/// <summary>The journal could not be opened, read or written. The message is for an operator.</summary>
public sealed class JournalException : Exception
{
    /// <summary>An error without text.</summary>
    public JournalException()
    {
    }

    /// <summary>An error with its text.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its text and cause.</summary>
    public JournalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

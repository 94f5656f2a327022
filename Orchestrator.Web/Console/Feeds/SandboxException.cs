namespace Orchestrator.Web.Console.Feeds;

/// <summary>A sandbox cannot be read; the message is for people and says what to do.</summary>
public sealed class SandboxException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="failure">The kind of failure.</param>
    /// <param name="message">For people.</param>
    /// <param name="inner">What it came from.</param>
    public SandboxException(SandboxFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>The kind of failure.</summary>
    public SandboxFailure Failure { get; }
}

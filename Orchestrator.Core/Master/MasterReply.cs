namespace Orchestrator.Core.Master;

/// <summary>The master's answer to a command: an HTTP status and, for errors, a text for the caller.</summary>
/// <param name="Status">HTTP status, 202 for accepted calls.</param>
/// <param name="Message">Plain text; empty when there is nothing to say.</param>
public readonly record struct MasterReply(int Status, string Message)
{
    /// <summary>202 without text.</summary>
    public static MasterReply Accepted => new(202, "");

    /// <summary>200 without text.</summary>
    public static MasterReply Ok => new(200, "");
}

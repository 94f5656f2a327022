namespace Orchestrator.Web.Console.Feeds;

/// <summary>Bounds of what is read from sandboxes at a time.</summary>
public static class SandboxLimits
{
    /// <summary>Most bytes of one read.</summary>
    public const int MaxReadBytes = 64 * 1024;

    /// <summary>Most entries of one directory.</summary>
    public const int MaxEntries = 5000;

    /// <summary>Most bytes of a directory's listing on the wire.</summary>
    public const int MaxListingBytes = 4 * 1024 * 1024;

    /// <summary>How far a follower may be behind before it is taken to the end, bytes.</summary>
    public const long MaxLagBytes = 1024 * 1024;

    /// <summary>Bytes that a follower begins with.</summary>
    public const long TailBytes = 64 * 1024;
}

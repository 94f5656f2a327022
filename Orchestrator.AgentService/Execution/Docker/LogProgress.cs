namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// How far a container's output has been written into its sandbox; on disk beside the sandboxes. Together with the files
/// themselves it says exactly what is missing.
/// </summary>
internal sealed record LogProgress
{
    /// <summary>Nanoseconds since 1970: output before it is in the files; 0 for none.</summary>
    public long Anchor { get; init; }

    /// <summary>Standard output.</summary>
    public StreamProgress Output { get; init; } = new();

    /// <summary>Standard error.</summary>
    public StreamProgress Error { get; init; } = new();

    /// <summary>One of the two streams. Counts are of the stream's bytes.</summary>
    public sealed record StreamProgress
    {
        /// <summary>Bytes before the anchor.</summary>
        public long BeforeAnchor { get; init; }

        /// <summary>Nanoseconds since 1970 of the newest piece.</summary>
        public long Newest { get; init; }

        /// <summary>Which file the next number speaks of.</summary>
        public long Inode { get; init; }

        /// <summary>Bytes in front of that file; negative when something else stood in it before.</summary>
        public long Base { get; init; }

        /// <summary>The same for the file that takes its place, if that has happened.</summary>
        public long NextBase { get; init; }
    }
}

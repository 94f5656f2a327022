namespace Orchestrator.AgentService.Execution.Fetching;

/// <summary>What is done with a fetched file, by the end of its name. Source: Mesos' fetcher.</summary>
internal enum ArchiveKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary><c>.tar</c></summary>
    Tar,

    /// <summary><c>.tgz</c>, <c>.tar.gz</c></summary>
    TarGzip,

    /// <summary><c>.tbz2</c>, <c>.tar.bz2</c></summary>
    TarBzip2,

    /// <summary><c>.txz</c>, <c>.tar.xz</c></summary>
    TarXz,

    /// <summary><c>.zip</c></summary>
    Zip,

    /// <summary><c>.gz</c>: one file, whose name loses the ending.</summary>
    Gzip,
}

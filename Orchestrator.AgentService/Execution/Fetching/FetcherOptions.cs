using Orchestrator.Core.Contract.Policy;

namespace Orchestrator.AgentService.Execution.Fetching;

/// <summary>How URIs are fetched, and how much of it is put up with.</summary>
internal sealed record FetcherOptions
{
    /// <summary>What relative paths stand below (<c>--frameworks_home</c>); null refuses them.</summary>
    internal string? Home { get; init; }

    /// <summary>Files are kept here across tasks; emptied before its first use.</summary>
    internal required string CacheDirectory { get; init; }

    /// <summary><c>--fetcher_cache_size</c>.</summary>
    internal long CacheBytes { get; init; } = 2L << 30;

    /// <summary>Without a byte for so long a download is given up (<c>--fetcher_stall_timeout</c>).</summary>
    internal TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Most bytes of one URI, and again of what an archive holds (<c>--fetcher_max_size</c>).</summary>
    internal long MaxBytes { get; init; } = 10L << 30;

    /// <summary>What tasks may ask of the machine.</summary>
    internal required SecurityPolicy Policy { get; init; }
}

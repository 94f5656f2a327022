namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>A name of an image, taken apart: <c>registry:5000/team/app:1.2</c>, <c>busybox</c>, <c>app@sha256:…</c>.</summary>
/// <param name="Registry">Host and port of the registry, <c>docker.io</c> when none is named.</param>
/// <param name="Repository">What <c>fromImage</c> of a pull takes: everything but the tag or digest.</param>
/// <param name="Tag">Tag or digest; <c>latest</c> when none is named.</param>
internal sealed record ImageName(string Registry, string Repository, string Tag)
{
    /// <summary>The registry of names without one.</summary>
    internal const string DefaultRegistry = "docker.io";

    /// <summary>Takes a name apart; what is wrong with it is for the daemon to say.</summary>
    internal static ImageName Parse(string name)
    {
        var repository = name;
        var tag = "latest";
        var digest = name.IndexOf('@', StringComparison.Ordinal);
        if (digest >= 0)
        {
            tag = name[(digest + 1)..];
            repository = name[..digest];
        }

        var slash = repository.LastIndexOf('/');
        var colon = repository.IndexOf(':', slash + 1);
        if (colon >= 0)
        {
            tag = digest >= 0 ? tag : repository[(colon + 1)..];
            repository = repository[..colon];
        }

        var first = repository.IndexOf('/', StringComparison.Ordinal);
        var host = first < 0 ? "" : repository[..first];
        var isHost = host == "localhost" || host.Contains('.', StringComparison.Ordinal) || host.Contains(':', StringComparison.Ordinal);
        return new ImageName(isHost ? host : DefaultRegistry, repository, tag);
    }
}

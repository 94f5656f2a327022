using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Contract.Policy;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>Judges which folders of the host a container may see: by where their names lead, not by what they are called.</summary>
/// <param name="policy">What tasks may ask of the machine.</param>
/// <param name="guarded">Paths that are refused with everything around and below them: the daemon's socket, the agent's state.</param>
internal sealed class HostPaths(SecurityPolicy policy, IReadOnlyList<string> guarded)
{
    private readonly SecurityPolicy _policy = policy with { VolumeRoots = [.. policy.VolumeRoots.Concat(policy.VolumeRoots.Select(RealPath)).Distinct()] };
    private readonly string[] _guarded = [.. guarded.Concat(guarded.Select(RealPath)).Distinct()];

    /// <summary>The path to mount for an absolute path of the host.</summary>
    /// <exception cref="FormatException">The policy does not allow it; the message names path and remedy.</exception>
    internal string Allow(string path)
    {
        if (policy.Mode == PolicyMode.Privileged)
        {
            return path;
        }

        var real = RealPath(path);
        if (_policy.CheckHostPath(real) is { } refusal)
        {
            throw new FormatException(real == Path.TrimEndingDirectorySeparator(path) ? refusal : $"The host path {path} leads to {real}. {refusal}");
        }

        return _guarded.FirstOrDefault(secret => IsWithin(secret, real) || IsWithin(real, secret)) is { } found
            ? throw new FormatException($"--policy={policy.Mode.ToString().ToLowerInvariant()} does not allow the host path {path}, which reaches {found}; mount another folder, or use --policy=privileged.")
            : real;
    }

    /// <summary>The path to mount for a path below a sandbox; what the task fetched into it must not lead out of it.</summary>
    /// <exception cref="FormatException">It leads out of the sandbox.</exception>
    internal static string InSandbox(string sandbox, string path)
    {
        var real = RealPath(Path.Combine(sandbox, path));
        return !path.StartsWith('/') && IsWithin(real, RealPath(sandbox)) ? real : throw new FormatException($"The host path '{path}' leaves the sandbox; name a path below it.");
    }

    /// <summary>Links resolved as far as there is something; no <c>.</c> and <c>..</c>.</summary>
    internal static string RealPath(string path)
    {
        var rest = new Stack<string>();
        for (var existing = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)); ; existing = Path.GetDirectoryName(existing)!)
        {
            using var handle = Posix.Locate(existing);
            if (handle is not null && Posix.PathOf(handle) is { } real)
            {
                return rest.Aggregate(real, Path.Combine);
            }

            if (existing == "/")
            {
                return path;
            }

            rest.Push(Path.GetFileName(existing));
        }
    }

    private static bool IsWithin(string path, string folder) => path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}

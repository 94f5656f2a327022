using System.Text;

namespace Orchestrator.Core.Resources;

/// <summary>Where persistent volumes lie on an agent, and where they may be mounted in a task.</summary>
public static class VolumePath
{
    /// <summary>Most bytes of one name on Linux' file systems.</summary>
    private const int MaxNameBytes = 255;

    /// <summary>
    /// Why a volume cannot be mounted there; null when it can. Relative paths are below the sandbox. A path that leads out of it
    /// would reach the machine.
    /// </summary>
    public static string? Check(string containerPath)
    {
        if (containerPath.Length == 0)
        {
            return "it must not be empty";
        }

        if (containerPath.Any(char.IsControl))
        {
            return "it must not have control characters";
        }

        var parts = containerPath.Split('/');
        return parts.Contains("..") ? $"'{containerPath}' must not have '..' in it"
            : parts.All(part => part is "" or ".") ? $"'{containerPath}' is the sandbox or the root itself; name a directory"
            : null;
    }

    /// <summary>
    /// The directory of a volume below the agent's work directory: <c>volumes/roles/ROLE/ID</c>, in the role's name each slash
    /// a space (a role itself has none).
    /// </summary>
    /// <exception cref="ResourceException">The role or the id cannot be a name of a directory.</exception>
    public static string Directory(string role, string persistenceId) =>
        CheckDirectory(role, persistenceId) is { } problem ? throw new ResourceException(problem) : $"volumes/roles/{role.Replace('/', ' ')}/{persistenceId}";

    /// <summary>Absolute path of a volume: below the agent's work directory, or below the root of its PATH or MOUNT disk.</summary>
    /// <exception cref="ResourceException">The role or the id cannot be a name of a directory.</exception>
    public static string Of(string workDirectory, ResourceItem volume)
    {
        var root = volume.Disk?.Source switch
        {
            { Path.Root: { Length: > 0 } path } => path,
            { Mount.Root: { Length: > 0 } mount } => mount,
            _ => "",
        };
        var top = root.StartsWith('/') ? root.TrimEnd('/') : root.Length > 0 ? $"{workDirectory.TrimEnd('/')}/{root.TrimEnd('/')}" : workDirectory.TrimEnd('/');
        return top + "/" + Directory(volume.Role, volume.VolumeId!);
    }

    /// <summary>Why a volume cannot have a directory; null when it can.</summary>
    public static string? CheckDirectory(string role, string persistenceId) => IsName(role.Replace('/', ' ')) && IsName(persistenceId)
        ? null
        : $"The volume '{persistenceId}' of role '{role}' cannot have a directory of that name; use 1 to {MaxNameBytes} bytes without slashes and control characters.";

    private static bool IsName(string name) =>
        name is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(name) <= MaxNameBytes && !name.Any(letter => char.IsControl(letter) || letter is '/' or '\\');
}

using System.ComponentModel;
using Orchestrator.AgentService.Execution;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>Makes the directories that tasks run in, below <c>work_dir/slaves</c>.</summary>
internal static class SandboxDirectories
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>Makes a sandbox that belongs to the user, and points <c>runs/latest</c> at it.</summary>
    /// <exception cref="ContainerLaunchException">There is no such user, or the directory cannot be made.</exception>
    internal static void Create(string directory, string? user)
    {
        try
        {
            var runs = Path.GetDirectoryName(directory)!;
            Directory.CreateDirectory(runs);
            Directory.CreateDirectory(directory, Private);
            if (user is not null)
            {
                GiveTo(directory, user);
            }

            CheckpointStore.Link(Path.Combine(runs, "latest"), Path.GetFileName(directory));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContainerLaunchException($"Failed to create the sandbox '{directory}': {e.Message}");
        }
    }

    private static void GiveTo(string directory, string user)
    {
        if (Posix.FindUser(user) is not var (userId, groupId))
        {
            throw new ContainerLaunchException($"Failed to chown the sandbox to '{user}': No such user '{user}'. Create the account on the agent, name another 'user', or run the agent with --no-switch_user");
        }

        if (Posix.EffectiveUserId != 0 && Posix.EffectiveUserId == userId)
        {
            return;
        }

        try
        {
            Posix.ChangeOwner(directory, userId, groupId);
        }
        catch (Win32Exception e)
        {
            throw new ContainerLaunchException($"Failed to chown the sandbox to '{user}': {e.Message}. Run the agent as root or with --no-switch_user");
        }
    }
}

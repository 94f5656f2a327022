using System.ComponentModel;
using Orchestrator.AgentService.Execution;
using Orchestrator.Core.Agent;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>Makes the directories that tasks run in, below <c>work_dir/slaves</c>.</summary>
internal static class SandboxDirectories
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>Tasks of a group start at once and make the same directory.</summary>
    private static readonly Lock s_shared = new();

    /// <summary>
    /// Makes the sandbox of a container; for a member of a task group also the one that it shares, with <c>tasks/ID</c> in it
    /// pointing at its own.
    /// </summary>
    /// <exception cref="ContainerLaunchException">There is no such user, or the directory cannot be made.</exception>
    internal static void Create(TaskLaunch launch, string? user)
    {
        if (launch.ExecutorSandbox is not { } shared)
        {
            Create(launch.SandboxDirectory, user);
            return;
        }

        lock (s_shared)
        {
            Create(shared, user);
            try
            {
                Directory.CreateDirectory(launch.SandboxDirectory, Private);
                Directory.CreateDirectory(Path.Combine(shared, "tasks"), Private);
                if (user is not null)
                {
                    GiveTo(Path.Combine(shared, "containers"), user);
                    GiveTo(Path.Combine(shared, "tasks"), user);
                    GiveTo(launch.SandboxDirectory, user);
                }

                CheckpointStore.Link(Path.Combine(shared, "tasks", launch.Location.TaskId), launch.SandboxDirectory);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ContainerLaunchException($"Failed to create the sandbox '{launch.SandboxDirectory}': {e.Message}");
            }
        }
    }

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

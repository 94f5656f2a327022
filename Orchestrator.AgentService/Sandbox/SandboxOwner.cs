using System.ComponentModel;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>Whom the files of a sandbox are given to.</summary>
internal readonly record struct SandboxOwner
{
    private readonly string? _name;
    private readonly (uint UserId, uint GroupId)? _account;

    private SandboxOwner(string? name, (uint UserId, uint GroupId)? account)
    {
        _name = name;
        _account = account;
    }

    /// <summary>A user of the machine; files stay the agent's own when it is that user, or when there is none.</summary>
    internal static SandboxOwner Of(string? user) =>
        user is not null && Posix.FindUser(user) is { } account && account.UserId != Posix.EffectiveUserId ? new SandboxOwner(user, account) : default;

    /// <summary>Gives a file, link or directory away.</summary>
    /// <exception cref="IOException">The owner cannot be changed.</exception>
    internal void Give(string path)
    {
        if (_account is not var (userId, groupId))
        {
            return;
        }

        try
        {
            Posix.ChangeOwner(path, userId, groupId);
        }
        catch (Win32Exception e)
        {
            throw new IOException($"'{path}' cannot be given to '{_name}': {e.Message}", e);
        }
    }
}

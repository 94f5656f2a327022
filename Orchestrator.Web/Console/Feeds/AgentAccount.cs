using Orchestrator.Core.Runtime.Flags;

namespace Orchestrator.Web.Console.Feeds;

/// <summary>The account of <c>--agent_credentials</c>, with which this host reads files of tasks from agents.</summary>
public static class AgentAccount
{
    /// <summary>Reads <c>principal:secret</c>, itself or from a file whose path begins with a slash; null for none.</summary>
    /// <exception cref="FlagException">It is malformed; the message does not repeat it.</exception>
    public static string? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        try
        {
            var account = (text.StartsWith('/') ? File.ReadAllText(text) : text).Trim();
            return account.IndexOf(':', StringComparison.Ordinal) > 0 ? account : throw Malformed();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Malformed();
        }
    }

    private static FlagException Malformed() => new("--agent_credentials: expected principal:secret, or the path of a readable file with it");
}

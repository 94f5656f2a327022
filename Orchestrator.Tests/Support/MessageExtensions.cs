using Google.Protobuf;

namespace Orchestrator.Tests.Support;

internal static class MessageExtensions
{
    /// <summary>The message, changed.</summary>
    internal static T With<T>(this T message, Action<T> change)
        where T : IMessage
    {
        change(message);
        return message;
    }
}

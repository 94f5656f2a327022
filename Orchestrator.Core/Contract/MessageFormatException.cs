namespace Orchestrator.Core.Contract;

/// <summary>
/// A body could not be read as the message it should be. The text names the place (<c>subscribe.framework_info.user</c>)
/// and what was expected there, and is fit for the sender's eyes.
/// </summary>
public sealed class MessageFormatException : Exception
{
    /// <summary>With a text for the sender.</summary>
    public MessageFormatException(string message)
        : base(message)
    {
    }

    /// <summary>With a text for the sender and what was behind it.</summary>
    public MessageFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

using System.Buffers;
using Google.Protobuf;

namespace Orchestrator.Core.Contract.Binary;

/// <summary>
/// Reads binary protobuf as proto2 means it: an enum value that this version does not know counts as absent, and required
/// fields must be there. (The runtime library alone keeps unknown enum values and does not say which field is missing.)
/// </summary>
public static class MesosBinary
{
    /// <summary>Reads one message.</summary>
    /// <exception cref="MessageFormatException">No protobuf, or a required field is missing.</exception>
    public static T Parse<T>(ReadOnlySequence<byte> body)
        where T : class, IMessage, new()
    {
        if (body.IsSingleSegment)
        {
            return Parse<T>(body.FirstSpan);
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(rented);
            return Parse<T>(rented.AsSpan(0, (int)body.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Reads one message.</summary>
    /// <exception cref="MessageFormatException">No protobuf, or a required field is missing.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> body)
        where T : class, IMessage, new()
    {
        var message = new T();
        try
        {
            message.MergeFrom(body);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new MessageFormatException($"The body is no protobuf message {message.Descriptor.Name}: {e.Message}", e);
        }

        MessageCheck.Complete(message);
        return message;
    }
}

using Google.Protobuf.Reflection;

namespace Orchestrator.Core.Master;

/// <summary>Enum values by the names of the wire.</summary>
internal static class Naming
{
    /// <summary>For example <c>MULTI_ROLE</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum =>
        typeof(T).GetField(value.ToString())?.GetCustomAttributes(typeof(OriginalNameAttribute), false) is [OriginalNameAttribute name] ? name.Name : value.ToString();
}

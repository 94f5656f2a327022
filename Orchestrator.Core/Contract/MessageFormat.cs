namespace Orchestrator.Core.Contract;

/// <summary>The two encodings that every call and event has.</summary>
public enum MessageFormat
{
    /// <summary><c>application/json</c> by the Mesos mapping.</summary>
    Json,

    /// <summary><c>application/x-protobuf</c>.</summary>
    Protobuf,
}

namespace Orchestrator.Tests.Unit.Marathon.Deployments;

/// <summary>
/// Where a test plants a bug in an engine: what it reads, what it is told and what it remembers. By default nothing is changed.
/// </summary>
internal class DeploymentMutant
{
    /// <summary>A definition as the engine reads it.</summary>
    public virtual string Definition(string json) => json;

    /// <summary>The answer of a health check as the engine takes it.</summary>
    public virtual bool Alive(bool alive) => alive;

    /// <summary>The answer of a readiness check as the engine takes it.</summary>
    public virtual int Readiness(int status) => status;

    /// <summary>A record as the engine finds it after a restart; null for none.</summary>
    public virtual byte[]? Restore(string key, byte[] value) => value;
}

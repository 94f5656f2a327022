namespace Orchestrator.Web.Console.Feeds;

/// <summary>One point of the charts.</summary>
/// <param name="At">Unix time in seconds.</param>
/// <param name="CpusTotal">Cores of connected agents.</param>
/// <param name="CpusAllocated">Cores that tasks hold.</param>
/// <param name="CpusUsed">Cores measured in use.</param>
/// <param name="MemTotalMiB">Memory of connected agents.</param>
/// <param name="MemAllocatedMiB">Memory that tasks hold.</param>
/// <param name="MemUsedMiB">Memory measured in use.</param>
/// <param name="Running">Tasks in TASK_RUNNING.</param>
/// <param name="Staging">Tasks in TASK_STAGING or TASK_STARTING.</param>
public sealed record ClusterSample(double At, double CpusTotal, double CpusAllocated, double CpusUsed, double MemTotalMiB, double MemAllocatedMiB, double MemUsedMiB, long Running, long Staging);

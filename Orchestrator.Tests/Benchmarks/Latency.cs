namespace Orchestrator.Tests.Benchmarks;

/// <summary>Latencies, and what is read off them.</summary>
public static class Latency
{
    /// <summary>The value below which the given share of the samples lies; NaN without samples.</summary>
    public static double Percentile(List<double> samples, double share)
    {
        if (samples.Count == 0)
        {
            return double.NaN;
        }

        samples.Sort();
        return samples[Math.Min(samples.Count - 1, (int)Math.Ceiling(samples.Count * share) - 1)];
    }
}

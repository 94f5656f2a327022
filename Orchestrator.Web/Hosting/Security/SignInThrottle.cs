using System.Net;

namespace Orchestrator.Web.Hosting.Security;

/// <summary>Slows guessing: after some failures from one address within a minute, further attempts are refused.</summary>
public sealed class SignInThrottle(TimeProvider time)
{
    /// <summary>Failures within a minute until an address is refused.</summary>
    public const int MaxFailures = 10;

    private const int MaxAddresses = 10_000;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, (int Count, DateTimeOffset Since)> _failures = [];

    /// <summary>Whether an attempt from there is let through.</summary>
    public bool MayTry(IPAddress? address)
    {
        lock (_gate)
        {
            return !_failures.TryGetValue(address ?? IPAddress.None, out var row) || row.Count < MaxFailures || time.GetUtcNow() - row.Since >= s_window;
        }
    }

    /// <summary>An attempt from there failed.</summary>
    public void Failed(IPAddress? address)
    {
        address ??= IPAddress.None;
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_failures.Count >= MaxAddresses)
            {
                foreach (var old in _failures.Where(row => now - row.Value.Since >= s_window).Select(row => row.Key).ToList())
                {
                    _failures.Remove(old);
                }
            }

            var (count, since) = _failures.GetValueOrDefault(address, (0, now));
            if (_failures.Count < MaxAddresses || count > 0)
            {
                _failures[address] = now - since >= s_window ? (1, now) : (count + 1, since);
            }
        }
    }
}

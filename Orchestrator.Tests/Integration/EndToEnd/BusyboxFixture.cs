using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.EndToEnd;

/// <summary>An image built from Debian's busybox: a shell and a web server.</summary>
public sealed class BusyboxFixture : IAsyncLifetime
{
    /// <summary>Its name.</summary>
    public const string Image = "orchestrator-e2e:busybox";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await Shell.RunAsync(
        $"set -e; d=$(mktemp -d); mkdir -p $d/bin $d/tmp $d/www $d/etc; cp /bin/busybox $d/bin/; for a in sh sleep httpd echo cat true false wget tr test seq; do ln -s busybox $d/bin/$a; done; echo ok > $d/www/index.html; tar -C $d -c . | docker import - {Image}; rm -rf $d");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Shell.RunAsync($"docker rmi -f {Image}");
}

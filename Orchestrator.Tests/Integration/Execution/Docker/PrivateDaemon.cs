using System.Diagnostics;
using System.Net.Sockets;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution.Docker;

/// <summary>A second Docker daemon on a socket and with data of its own, which can be stopped while its containers run on.</summary>
internal sealed class PrivateDaemon : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private Process? _process;

    internal string SocketPath => Path.Combine(_directory.Path, "docker.sock");

    internal static async Task<PrivateDaemon> StartAsync()
    {
        var daemon = new PrivateDaemon();
        await daemon.ResumeAsync();
        await Shell.RunAsync($"docker save {BusyboxFixture.Image} | docker -H unix://{daemon.SocketPath} load");
        return daemon;
    }

    /// <summary>SIGTERM; containers run on.</summary>
    internal async Task StopAsync()
    {
        await Shell.RunAsync($"kill {_process!.Id}");
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    internal async Task ResumeAsync()
    {
        var path = _directory.Path;
        _process = Process.Start(new ProcessStartInfo("unshare",
        [
            // In a network of its own: without a bridge a daemon deletes that of the machine's first one.
            "--net", "dockerd",
            "--host", "unix://" + SocketPath, "--data-root", path + "/data", "--exec-root", path + "/exec", "--pidfile", path + "/pid",
            "--bridge", "none", "--iptables=false", "--live-restore", "--storage-driver", "vfs",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Until.TrueAsync("the daemon listens", Listens);
    }

    private bool Listens()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await Shell.RunAsync($"docker -H unix://{SocketPath} ps -aq | xargs -r docker -H unix://{SocketPath} rm -fv >/dev/null");
            await StopAsync();
        }

        await Shell.RunAsync($"grep -o ' {_directory.Path}[^ ]*' /proc/self/mounts | sort -r | xargs -r umount || true");
        _directory.Dispose();
    }
}

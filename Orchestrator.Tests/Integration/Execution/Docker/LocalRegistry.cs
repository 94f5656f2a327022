using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Orchestrator.Tests.Integration.EndToEnd;
using Orchestrator.Tests.Support;

namespace Orchestrator.Tests.Integration.Execution.Docker;

/// <summary>Debian's docker-registry on a loopback port, with one account; it holds images made from busybox.</summary>
internal sealed class LocalRegistry : IAsyncDisposable
{
    internal const string User = "puller";
    internal const string Password = "pass:word";
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _images = [];
    private Process? _process;

    internal string Address { get; } = $"127.0.0.1:{ServiceProcess.FreePort()}";

    /// <summary>The account as a Docker configuration.</summary>
    internal string Config =>
        JsonSerializer.Serialize(new { auths = new Dictionary<string, object> { [Address] = new { auth = Convert.ToBase64String(Encoding.UTF8.GetBytes(User + ":" + Password)) } } });

    internal static async Task<LocalRegistry> StartAsync()
    {
        var registry = new LocalRegistry();
        var path = registry._directory.Path;
        await Shell.RunAsync($"htpasswd -Bbn {User} {Password} > {path}/htpasswd");
        await File.WriteAllTextAsync(path + "/config.yml", $$"""
            version: 0.1
            storage:
              filesystem:
                rootdirectory: {{path}}/data
            http:
              addr: {{registry.Address}}
            auth:
              htpasswd:
                realm: test
                path: {{path}}/htpasswd
            """);
        registry._process = Process.Start(new ProcessStartInfo("docker-registry", ["serve", path + "/config.yml"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        registry._process.ErrorDataReceived += (_, _) => { };
        registry._process.OutputDataReceived += (_, _) => { };
        registry._process.BeginErrorReadLine();
        registry._process.BeginOutputReadLine();
        using var client = new HttpClient();
        await Until.TrueAsync("the registry answers", () =>
        {
            try
            {
                using var answer = client.GetAsync(new Uri($"http://{registry.Address}/v2/")).Result;
                return (int)answer.StatusCode == 401;
            }
            catch (AggregateException)
            {
                return false;
            }
        });
        return registry;
    }

    /// <summary>Pushes a variant of busybox that says a word, and takes it off the daemon; its name.</summary>
    internal async Task<string> PushAsync(string name, string word)
    {
        var image = $"{Address}/{name}";
        var config = _directory.Sub("client");
        await File.WriteAllTextAsync(Path.Combine(config, "config.json"), Config);
        await Shell.RunAsync($"c=$(docker create -e WORD={word} {BusyboxFixture.Image} /bin/true) && docker commit $c {image} && docker rm $c && docker --config {config} push -q {image} && docker rmi {image}");
        _images.Add(image);
        return image;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var image in _images)
        {
            await Shell.RunAsync($"docker rmi -f {image} || true");
        }

        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Dispose();
    }
}

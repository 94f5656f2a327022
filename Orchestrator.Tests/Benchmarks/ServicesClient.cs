using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Tests.Benchmarks;

/// <summary>The services API over HTTP, with the time that each answer took until its last byte.</summary>
public sealed class ServicesClient(HttpClient http)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    /// <summary>One request that must succeed: milliseconds and body.</summary>
    public async Task<(double Milliseconds, byte[] Body)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = s_json } };
        }

        var started = Stopwatch.GetTimestamp();
        using var answer = await http.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return answer.IsSuccessStatusCode ? (took, bytes) : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {Encoding.UTF8.GetString(bytes)}");
    }

    /// <summary>GET as JSON.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse((await SendAsync(HttpMethod.Get, path)).Body);
        return document.RootElement.Clone();
    }

    /// <summary>The same GET so many times: milliseconds of each, and the size of the last answer.</summary>
    public async Task<(List<double> Milliseconds, int Bytes)> ReadAsync(string path, int rounds)
    {
        var (times, bytes) = (new List<double>(), 0);
        for (var i = 0; i < rounds; i++)
        {
            var (took, body) = await SendAsync(HttpMethod.Get, path);
            times.Add(took);
            bytes = body.Length;
        }

        return (times, bytes);
    }

    /// <summary>Waits until no deployment runs.</summary>
    public Task UntilSettledAsync(TimeSpan patience) => UntilAsync("no deployment runs", patience, async () => (await GetAsync("/v2/deployments")).GetArrayLength() == 0);

    /// <summary>Asks again and again.</summary>
    public static async Task UntilAsync(string what, TimeSpan patience, Func<Task<bool>> condition)
    {
        for (var started = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(s_pause))
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                throw new TimeoutException($"Not within {patience}: {what}.");
            }
        }
    }
}

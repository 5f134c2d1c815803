using System.Buffers;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Bench.Load;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Micro;

/// <summary>From the bytes of a body to what the gateway knows of it.</summary>
public class RequestReading
{
    // Who it is makes no difference.
    private static readonly Caller Sender = new Caller.OfOwnResource(new OwnResource(
        new Backend { Name = "b", Endpoint = new Uri("http://b"), Credential = new BackendCredential.ApiKey("k") }, [(null, "d")]));

    private readonly DefaultHttpContext context = new();
    private readonly CallReader reader = ReaderOf(new GatewayOptions());
    private byte[] body = [];

    /// <summary>Of the prompt; 0 is a line.</summary>
    [Params(0, 32, 256)]
    public int Kilobytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        body = Encoding.UTF8.GetBytes(Kilobytes == 0 ? Bodies.Chat : Bodies.Long(Kilobytes));
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = body.Length;
    }

    [Benchmark]
    public async Task ReadAsync()
    {
        context.Features.Set<IRequestBodyPipeFeature>(new Pipe(body));
        if ((await reader.ReadAsync(context.Request, OperationSpec.ChatCompletions, Sender)).IsRefused(out _, out var call))
            throw new InvalidOperationException("The reader refused the body.");
        call.Dispose();
    }

    [Benchmark]
    public void Scan()
    {
        // Not disposed: the buffer is not of the pool.
        if (CallScanner.Scan(new Call(OperationSpec.ChatCompletions, body, body.Length)) is not null)
            throw new InvalidOperationException("The scanner refused the body.");
    }

    private static CallReader ReaderOf(GatewayOptions options)
    {
        var meter = new GatewayMeter(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        return new CallReader(options, new BodyMemory(options, meter), TimeProvider.System);
    }

    private sealed class Pipe(byte[] body) : IRequestBodyPipeFeature
    {
        public PipeReader Reader { get; } = PipeReader.Create(new ReadOnlySequence<byte>(body));
    }
}

using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Control;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Latency;

namespace OpenAIProxy.Simulator;

/// <summary>The command line: what it takes, what it says about itself, and how it runs.</summary>
internal static class SimulatorCommand
{
    private static readonly Option<string> Url = new("--url")
    {
        Description = "Where to listen. Port 0 takes a free one.",
        CustomParser = result => Read(result, url => ReadUrl(url, "http", "http://127.0.0.1:8090")),
        DefaultValueFactory = _ => "http://127.0.0.1:8090",
        HelpName = "URL",
    };

    private static readonly Option<string> HttpsUrl = new("--https-url")
    {
        Description = "Where to listen with TLS as well, for example https://127.0.0.1:8493: clients of Entra ID ask nothing else for a token.",
        CustomParser = result => Read(result, url => ReadUrl(url, "https", "https://127.0.0.1:8493")),
        HelpName = "URL",
    };

    private static readonly Option<string> Certificate = new("--certificate")
    {
        Description = "A PEM file with the certificate of --https-url.",
        HelpName = "PEM",
    };

    private static readonly Option<string> CertificateKey = new("--certificate-key")
    {
        Description = "A PEM file with its private key.",
        HelpName = "PEM",
    };

    private static readonly Option<string> CertificateDirectory = new("--certificate-directory")
    {
        Description = "Instead: make a certificate for localhost and 127.0.0.1 at the start, and write ca.pem, to be trusted, and localhost.pem there.",
        HelpName = "DIRECTORY",
    };

    private static readonly Option<LatencyModel> Latency = new("--latency")
    {
        Description = $"How long the model thinks and how fast it writes: {LatencyText.Form}.",
        CustomParser = result => Read(result, LatencyText.Read),
        DefaultValueFactory = _ => LatencyModel.Realistic,
        HelpName = "MODEL",
    };

    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Same seed, same answers, times and faults.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    private static readonly Option<FaultPlan> Faults = new("--faults")
    {
        Description = """A file with a plan of faults, for example {"faults":[{"deployment":"gpt-4o","times":2,"kind":"status","body":"429-tokens"}]}. Also PUT /simulator/faults.""",
        CustomParser = result => Read(result, file => FaultPlanReader.Read(File.ReadAllBytes(file))),
        HelpName = "FILE",
    };

    private static readonly Option<string[]> Keys = new("--key")
    {
        Description = "A key to take, and no other; may be repeated. Without it any key that is not empty will do. Tokens have to be of the simulator's own Entra ID.",
        HelpName = "KEY",
    };

    private static readonly Option<Deployment[]> Deployments = new("--deployment")
    {
        Description = $"One more deployment, or a quota for one: {DeploymentText.Form}; may be repeated. Every model is deployed under its own name without a quota.",
        CustomParser = result => Read(result, DeploymentText.Read, result.Tokens.Select(token => token.Value)),
        HelpName = "NAME=MODEL",
    };

    private static readonly Option<string> BasePath = new("--base-path")
    {
        Description = "What stands before /openai, for example /some/base.",
        CustomParser = result => Read(result, ReadBasePath),
        HelpName = "PATH",
    };

    private static readonly Option<bool> NoRecord = new("--no-record")
    {
        Description = "Count requests but do not keep them: for load tests. GET /simulator/requests then lists none.",
    };

    // Answers that are being written may end; the library would cut them off after two seconds.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    private static readonly RootCommand Root = new("""
        An Azure OpenAI without a model: answers chat/completions, completions and embeddings as Azure does, under a latency model, and with faults by plan.

        Try: curl -H 'api-key: any' -H 'Content-Type: application/json' -d '{"messages":[{"role":"user","content":"A poem about rain"}]}' 'http://127.0.0.1:8090/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21'
        In a prompt: [[content-filter]] is refused, [[filter-output]] is cut off, [[tokens=500]] asks for an answer of that length.
        Control: GET|DELETE /simulator/served   GET /simulator/requests[?started=N|ended=N|held=N]   GET|PUT|DELETE /simulator/faults   POST /simulator/release
        Identity: the token endpoints of Entra ID (/TENANT/oauth2/v2.0/token), App Service (/msi/token) and IMDS; GET|PUT|DELETE /simulator/identity   POST /simulator/identity/rotate|revoke   POST /simulator/tokens
        """)
    {
        Url, HttpsUrl, Certificate, CertificateKey, CertificateDirectory, Latency, Seed, Faults, Keys, Deployments, BasePath, NoRecord,
    };

    static SimulatorCommand() => Root.Validators.Add(CheckCertificate);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Root.SetAction(async (result, cancellation) =>
        {
            await using var app = await TryCreateAsync(Options(result), error);
            if (app is null || !await TryListenAsync(app, error, cancellation))
                return 1;
            await output.WriteLineAsync($"The simulator answers at {string.Join(", ", app.Urls)}; counts at /simulator/served, help with --help.");
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        });
        return await Root.Parse(args).InvokeAsync(new() { Output = output, Error = error, ProcessTerminationTimeout = LongestStop });
    }

    private static async Task<WebApplication?> TryCreateAsync(SimulatorOptions options, TextWriter error)
    {
        try
        {
            return SimulatorApplication.Create(options, null);
        }
        catch (ArgumentException wrong)
        {
            await error.WriteLineAsync(wrong.Message);
            return null;
        }
    }

    private static async Task<bool> TryListenAsync(WebApplication app, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
            return true;
        }
        // The first is a port that is taken; the other one below 1024, or an address of another machine.
        catch (Exception cannot) when (cannot is IOException or SocketException)
        {
            await error.WriteLineAsync($"The simulator cannot listen: {cannot.Message.TrimEnd('.')}. Stop what listens there, such as a demo with its own simulator, or give another --url.");
            return false;
        }
    }

    /// <exception cref="ArgumentException">Says what is wrong.</exception>
    public static SimulatorOptions Parse(string[] args)
    {
        var result = Root.Parse(args);
        if (result.Errors.Count > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, result.Errors.Select(found => found.Message)), nameof(args));
        return Options(result);
    }

    private static SimulatorOptions Options(ParseResult result) => new()
    {
        Url = result.GetValue(Url)!,
        HttpsUrl = result.GetValue(HttpsUrl),
        Certificate = result.GetValue(Certificate),
        CertificateKey = result.GetValue(CertificateKey),
        CertificateDirectory = result.GetValue(CertificateDirectory),
        Latency = result.GetValue(Latency)!,
        Seed = result.GetValue(Seed),
        Faults = result.GetValue(Faults) ?? FaultPlan.None,
        Keys = result.GetValue(Keys) ?? [],
        Deployments = new(result.GetValue(Deployments) ?? []),
        BasePath = result.GetValue(BasePath) ?? "",
        Record = !result.GetValue(NoRecord),
    };

    private static string ReadUrl(string text, string scheme, string example)
    {
        // A star is all addresses to Kestrel, but no host name to Uri. What Kestrel cannot make out it takes for all addresses as well.
        var named = text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(named, UriKind.Absolute, out var url) || url.Scheme != scheme || url.PathAndQuery != "/" || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
            throw new ArgumentException($"'{text}' is not a URL to listen on, for example {example}.");
        // A free port is one of a single address, and localhost has two.
        return url is { Host: "localhost", Port: 0 } ? $"{scheme}://127.0.0.1:0" : text;
    }

    private static string ReadBasePath(string text) => text.Length == 0 || text[0] == '/'
        ? text.TrimEnd('/')
        : throw new ArgumentException($"'{text}' does not begin with a slash, for example /some/base.");

    private static void CheckCertificate(System.CommandLine.Parsing.CommandResult result)
    {
        // Whether they were given, not what: a value that does not parse has its own error.
        var hasUrl = result.GetResult(HttpsUrl) is not null;
        var hasCertificate = result.GetResult(Certificate) is not null;
        var hasKey = result.GetResult(CertificateKey) is not null;
        var hasDirectory = result.GetResult(CertificateDirectory) is not null;
        if (hasCertificate != hasKey || (hasCertificate && hasDirectory) || hasUrl != (hasCertificate || hasDirectory))
            result.AddError("--https-url goes with --certificate and --certificate-key, or with --certificate-directory.");
    }

    private static T? Read<T>(System.CommandLine.Parsing.ArgumentResult result, Func<string, T> read)
        where T : class
        => Read(result, read, [result.Tokens[0].Value])?[0];

    private static T[]? Read<T>(System.CommandLine.Parsing.ArgumentResult result, Func<string, T> read, IEnumerable<string> texts)
    {
        try
        {
            return [.. texts.Select(read)];
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or WrongFieldException or IOException or UnauthorizedAccessException)
        {
            result.AddError(unreadable.Message);
            return null;
        }
    }
}

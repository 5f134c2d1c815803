using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenAIProxy.Gateway;
using OpenAIProxy.Server.Listeners;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Ledger;

namespace OpenAIProxy.Server.Settings;

/// <summary>What the server was told, read and checked.</summary>
public sealed record ServerSettings
{
    /// <summary>Addresses of the public listener.</summary>
    public IReadOnlyList<ListenerAddress> Public { get; init; } = [ListenerAddress.Free];

    /// <summary>Addresses of the admin listener.</summary>
    public IReadOnlyList<ListenerAddress> Admin { get; init; } = [ListenerAddress.Free];

    /// <summary>What links and examples call the server; null takes its first public address.</summary>
    public Uri? PublicUrl { get; init; }

    public required StorageOptions Storage { get; init; }

    public GatewayOptions Gateway { get; init; } = new();

    /// <summary>Null is as the database remembers, or else <see cref="IsDevelopment"/>.</summary>
    public bool? Demo { get; init; }

    /// <summary>Whether callers may bring resources of their own; null is in the demo only.</summary>
    public bool? OwnResources { get; init; }

    public bool IsDevelopment { get; init; }

    /// <summary>Where the demo's simulator listens; default a free port of this machine.</summary>
    public string SimulatorUrl { get; init; } = "http://127.0.0.1:0";

    /// <summary>How fast it answers, in the simulator's own words; default at once.</summary>
    public string SimulatorLatency { get; init; } = "none";

    /// <summary>What addresses with https show; null where none has.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Whose forwarded headers are believed.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Whether logs are lines of JSON, rather than text for people.</summary>
    public bool LogsJson { get; init; }

    /// <summary>Reads the settings; what is wrong is added to the sources' errors.</summary>
    internal static ServerSettings Read(SettingSources sources, bool isDevelopment)
    {
        var certificate = ReadCertificate(sources, AllSettings.Certificate, AllSettings.CertificateKey, AllSettings.CertificatePassword);
        return new ServerSettings
        {
            Public = ReadAddresses(sources, AllSettings.Url, certificate),
            Admin = ReadAddresses(sources, AllSettings.AdminUrl, certificate),
            PublicUrl = ReadPublicUrl(sources),
            Storage = ReadStorage(sources),
            Gateway = ReadGateway(sources),
            Demo = sources.Boolean(AllSettings.Demo),
            OwnResources = sources.Boolean(AllSettings.OwnResources),
            IsDevelopment = isDevelopment,
            SimulatorUrl = ReadSimulatorUrl(sources),
            SimulatorLatency = sources.Text(AllSettings.SimulatorLatency)!,
            Certificate = certificate,
            TrustedProxies = ReadProxies(sources),
            LogsJson = ReadLogsJson(sources, isDevelopment),
        };
    }

    internal static StorageOptions ReadStorage(SettingSources sources)
    {
        if (sources.Text(AllSettings.MasterKey) is not null && sources.Text(AllSettings.KeyRingCertificate) is not null)
            sources.Wrong(AllSettings.MasterKey, "and key-ring-certificate cannot both encrypt the key ring: set one of them");
        return new StorageOptions
        {
            DataDirectory = Path.GetFullPath(sources.Text(AllSettings.Data)!),
            KeyRingDirectory = sources.Text(AllSettings.KeyRing) is { } directory ? Path.GetFullPath(directory) : null,
            KeyRingCertificate = ReadCertificate(sources, AllSettings.KeyRingCertificate, null, AllSettings.KeyRingCertificatePassword),
            MasterKey = sources.Text(AllSettings.MasterKey),
            AdminToken = sources.Text(AllSettings.AdminToken),
            Ledger = new LedgerOptions { SurvivesPowerLoss = ReadDurability(sources) },
        };
    }

    private static bool ReadDurability(SettingSources sources)
    {
        var durability = sources.Text(AllSettings.Durability);
        if (durability is not ("process" or "power"))
            sources.Wrong(AllSettings.Durability, "is neither process nor power");
        return durability == "power";
    }

    private static GatewayOptions ReadGateway(SettingSources sources)
    {
        var largest = sources.Number(AllSettings.MaxBodyBytes, 1_024, 1_073_741_824);
        return new GatewayOptions
        {
            MaxBodyBytes = largest,
            MaxBodyMemory = ReadBodyMemory(sources, largest),
            BodyTimeout = sources.Duration(AllSettings.BodyTimeout),
            ConnectTimeout = sources.Duration(AllSettings.ConnectTimeout),
            FirstByteTimeout = sources.Duration(AllSettings.FirstByteTimeout),
            PauseTimeout = sources.Duration(AllSettings.PauseTimeout),
            DrainTimeout = sources.Duration(AllSettings.DrainTimeout),
            BasePaths = ReadBasePaths(sources),
            OwnResources = new OwnResourceOptions
            {
                Enabled = sources.Boolean(AllSettings.OwnResources) == true,
                UrlTemplate = ReadOwnResourceUrl(sources),
                Allowed = [.. Split(sources.Text(AllSettings.OwnResourceList))],
            },
        };
    }

    private static long? ReadBodyMemory(SettingSources sources, long largestBody)
    {
        if (sources.Text(AllSettings.MaxBodyMemory) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var bytes) && bytes >= largestBody)
            return bytes;
        sources.Wrong(AllSettings.MaxBodyMemory, $"must be a whole number of bytes, and at least max-body-bytes ({largestBody}), or the largest body would never be taken");
        return null;
    }

    private static List<string> ReadBasePaths(SettingSources sources)
    {
        var paths = new List<string>();
        foreach (var path in Split(sources.Text(AllSettings.BasePaths)).Select(p => p.TrimEnd('/')))
            if (path.StartsWith('/') && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.') && !path.Contains("//", StringComparison.Ordinal))
                paths.Add(path);
            else
                sources.Wrong(AllSettings.BasePaths, $"has '{path}' in it, which is not a path such as /ai");
        return paths;
    }

    private static string ReadOwnResourceUrl(SettingSources sources)
    {
        const string anyId = "some-id";
        var template = sources.Text(AllSettings.OwnResourceUrl)!;
        if (!Uri.TryCreate(template.Replace(OwnResourceOptions.Placeholder, anyId, StringComparison.Ordinal), UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
            sources.Wrong(AllSettings.OwnResourceUrl, $"is not an absolute URL, such as {AllSettings.OwnResourceUrl.Default}");
        // An id may be 'localhost' or an address written as one number: callers would reach whatever this server can reach.
        else if (url.Host.TrimEnd('.').EndsWith(anyId, StringComparison.Ordinal))
            sources.Wrong(AllSettings.OwnResourceUrl, $"lets callers choose the end of the host name, and so every host: write a domain behind {OwnResourceOptions.Placeholder}, as in {AllSettings.OwnResourceUrl.Default}");
        return template;
    }

    private static List<ListenerAddress> ReadAddresses(SettingSources sources, Setting setting, X509Certificate2? certificate)
    {
        var addresses = new List<ListenerAddress>();
        foreach (var text in Split(sources.Text(setting)))
            if (!ListenerAddress.TryParse(text, out var address))
                sources.Wrong(setting, "is not an address to listen on, such as http://127.0.0.1:8080, http://*:8080 or https://0.0.0.0:8443");
            else if (address.IsHttps && certificate is null && sources.Text(AllSettings.Certificate) is null)
                sources.Wrong(setting, "is https and needs a certificate: set certificate to a .pfx or .pem file");
            else
                addresses.Add(address);
        if (addresses.Count == 0 && sources.Errors.Count == 0)
            sources.Wrong(setting, $"has no address in it; write one such as {setting.Default}");
        return addresses;
    }

    private static string ReadSimulatorUrl(SettingSources sources)
    {
        var text = sources.Text(AllSettings.SimulatorUrl)!;
        if (!ListenerAddress.TryParse(text, out var address) || address.IsHttps)
            sources.Wrong(AllSettings.SimulatorUrl, $"is not an http address to listen on, such as {AllSettings.SimulatorUrl.Default}");
        return text;
    }

    private static Uri? ReadPublicUrl(SettingSources sources)
    {
        if (sources.Text(AllSettings.PublicUrl) is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return url;
        sources.Wrong(AllSettings.PublicUrl, "is not an absolute URL, such as https://proxy.example");
        return null;
    }

    private static List<IPNetwork> ReadProxies(SettingSources sources)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in Split(sources.Text(AllSettings.TrustedProxies)))
            if (IPNetwork.TryParse(text, out var network))
                networks.Add(network);
            else if (IPAddress.TryParse(text, out var address) && IsWhole(address, text))
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else
                sources.Wrong(AllSettings.TrustedProxies, $"has '{text}' in it, which is neither an address nor a network such as 10.0.0.0/8");
        return networks;
    }

    // 10.0.1 is read as 10.0.0.1, which somebody who left a part out did not mean to trust.
    private static bool IsWhole(IPAddress address, string text) => address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(c => c == '.') == 3;

    private static bool ReadLogsJson(SettingSources sources, bool isDevelopment)
    {
        var format = sources.Text(AllSettings.LogFormat) ?? (isDevelopment ? "text" : "json");
        if (format is not ("text" or "json"))
            sources.Wrong(AllSettings.LogFormat, "is neither text nor json");
        return format == "json";
    }

    private static X509Certificate2? ReadCertificate(SettingSources sources, Setting file, Setting? keyFile, Setting password)
    {
        if (sources.Text(file) is not { } path)
            return null;
        if (!File.Exists(path))
        {
            sources.Wrong(file, "is no file");
            return null;
        }
        try
        {
            var key = keyFile is null ? null : sources.Text(keyFile);
            if (Path.GetExtension(path) is ".pem" or ".crt")
                return sources.Text(password) is { } secret
                    ? X509Certificate2.CreateFromEncryptedPemFile(path, secret, key)
                    : X509Certificate2.CreateFromPemFile(path, key);
            return X509CertificateLoader.LoadPkcs12FromFile(path, sources.Text(password));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            sources.Wrong(file, $"cannot be read as a certificate with its private key ({e.Message.TrimEnd('.')})");
            return null;
        }
    }

    private static string[] Split(string? list) => (list ?? "").Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

namespace OpenAIProxy.Server.Settings;

/// <summary>Everything the server can be told. Help, guide and parsing are made from this list.</summary>
internal static class AllSettings
{
    public static readonly Setting Url = new("url", "URL", "Where clients call: the public listener. Port 0 takes a free one; several are parted by commas.", "http://127.0.0.1:8080");
    public static readonly Setting AdminUrl = new("admin-url", "URL", "Where organisers and operators call: the admin listener. Keep it off public networks.", "http://127.0.0.1:8081");
    public static readonly Setting PublicUrl = new("public-url", "URL", "What links and examples call this server, if that is not --url.");
    public static readonly Setting Data = new("data", "DIR", "The data directory, with the database and the keys that encrypt secrets.", "data");
    public static readonly Setting Durability = new("durability", "process|power", "What the ledger survives: the death of the process at any instant, or that of the machine as well; then every batch of requests waits for the disk, which takes milliseconds.", "process");
    public static readonly Setting Demo = new("demo", "true|false", "Whether to start the simulator and open the demo event; remembered in the database. Default: true in Development, else false.");
    public static readonly Setting SimulatorUrl = new("simulator-url", "URL", "Where the demo's simulator listens; if that port is taken, a free one.", "http://127.0.0.1:8090");
    public static readonly Setting SimulatorLatency = new("simulator-latency", "LATENCY", "How fast the demo's simulator answers: none, fast, realistic, or such as ttft=300ms,tps=50,spread=0.2.", "ttft=200ms,tps=120,spread=0.3");
    public static readonly Setting Certificate = new("certificate", "FILE", "The certificate for https: a .pfx file, or a .pem file with --certificate-key.");
    public static readonly Setting CertificateKey = new("certificate-key", "FILE", "The private key of a .pem certificate, if it is in a file of its own.");
    public static readonly Setting CertificatePassword = new("certificate-password", "TEXT", "The password of the certificate or its key.") { IsSecret = true };
    public static readonly Setting TrustedProxies = new("trusted-proxies", "LIST", "Addresses or networks (10.0.0.0/8) whose X-Forwarded-For and X-Forwarded-Proto are believed; by default nobody's.");
    public static readonly Setting DrainTimeout = new("drain-timeout", "TIME", "How long requests in flight may take to finish when the server stops; then they are cut off.", "60s");
    public static readonly Setting MaxBodyBytes = new("max-body-bytes", "BYTES", "The largest body of a request, 1024 to 1073741824.", "33554432");
    public static readonly Setting MaxBodyMemory = new("max-body-memory", "BYTES", "The most memory that bodies of more than 16 KB take at once; what comes above that is asked to try again. Default: a quarter of the memory that the process may have, and at least four of the largest bodies.");
    public static readonly Setting BodyTimeout = new("body-timeout", "TIME", "How long a body may pause while it arrives.", "30s");
    public static readonly Setting ConnectTimeout = new("connect-timeout", "TIME", "How long connecting to a backend may take.", "10s");
    public static readonly Setting FirstByteTimeout = new("first-byte-timeout", "TIME", "How long a backend may take to its first byte; reasoning models think for minutes.", "10m");
    public static readonly Setting PauseTimeout = new("pause-timeout", "TIME", "How long a backend may pause inside an answer.", "5m");
    public static readonly Setting BasePaths = new("base-paths", "LIST", "Further paths that clients may put before every path, such as /ai. /v1, /api/v1 and /v1/api are always known.");
    public static readonly Setting OwnResources = new("own-resources", "true|false", "Whether callers may bring an Azure OpenAI resource of their own, as RESOURCE:MAPPING:KEY. Default: false; in the demo true, and the simulator plays them all.");
    public static readonly Setting OwnResourceUrl = new("own-resource-url", "URL", "Where such a resource is; {resource} stands for its id.", "https://{resource}.openai.azure.com");
    public static readonly Setting OwnResourceList = new("own-resource-list", "LIST", "The ids of the resources that callers may bring; without it all.");
    public static readonly Setting LogFormat = new("log-format", "text|json", "How logs are written. Default: text in Development, else json.");
    public static readonly Setting KeyRing = new("key-ring", "DIR", "The directory of the keys that encrypt secrets, if it is not 'keys' in the data directory.");
    public static readonly Setting KeyRingCertificate = new("key-ring-certificate", "FILE", "A .pfx file that encrypts the key ring.");
    public static readonly Setting KeyRingCertificatePassword = new("key-ring-certificate-password", "TEXT", "The password of that file.") { IsSecret = true };
    public static readonly Setting MasterKey = new("master-key", "TEXT", "At least 32 random characters that encrypt the key ring, instead of a certificate.") { IsSecret = true };
    public static readonly Setting AdminToken = new("admin-token", "TEXT", "The token that opens the management API, instead of the one in the file admin-token of the data directory. At least 16 characters.") { IsSecret = true };

    public static readonly IReadOnlyList<Setting> List =
    [
        Url, AdminUrl, PublicUrl, Data, Durability, Demo, SimulatorUrl, SimulatorLatency, Certificate, CertificateKey, CertificatePassword, TrustedProxies,
        DrainTimeout, MaxBodyBytes, MaxBodyMemory, BodyTimeout, ConnectTimeout, FirstByteTimeout, PauseTimeout, BasePaths, OwnResources, OwnResourceUrl,
        OwnResourceList, LogFormat, KeyRing, KeyRingCertificate, KeyRingCertificatePassword, MasterKey, AdminToken,
    ];
}

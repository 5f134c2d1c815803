using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Offline;
using OpenAIProxy.Storage.Secrets;
using OpenAIProxy.Storage.Sql.Catalog;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Storage.Tests;

public sealed class SecretTests : IDisposable
{
    private const string MasterKeyText = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryDirectory directory = new();

    private StorageOptions Plain => new() { DataDirectory = directory["data"] };

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task No_secret_is_in_clear_in_any_file()
    {
        const string sharedSecret = "canary-of-the-shared-secret", hiddenUser = "canary-of-the-hidden-user";
        await using var storage = await StorageUnderTest.StartAsync(Plain);
        await storage.MakeAsync(Examples.PutAllAsync);
        await storage.MakeAsync(c => c.Events.PutAsync(
            Examples.Event with { Code = "hidden", HashesUserIds = true, Entrance = Entrance.SharedSecret, SharedSecret = SharedSecret.New(sharedSecret) }));
        await storage.MakeAsync(c => c.Backends.PutAsync(Examples.Application));
        var hidden = storage.Event("hidden");
        UserId.TryParse(hiddenUser, out var user).ShouldBeTrue();
        await storage.EnterAsync("hidden", hidden.AttendeeNameOf(user));
        var key = await storage.MakeAsync(c => c.Keys.IssueAsync(EventCode.Parse("hidden"), hiddenUser + "-2"));

        var files = Directory.GetFiles(directory["data"], "*", SearchOption.AllDirectories);

        files.ShouldContain(f => f.EndsWith("-wal", StringComparison.Ordinal));
        foreach (var file in files)
        {
            var bytes = ReadShared(file);
            foreach (var canary in new[] { Examples.ApiKey, Examples.ClientSecret, sharedSecret, hiddenUser, key, key[AttendeeKey.Prefix.Length..^6] })
            {
                bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(canary)).ShouldBe(-1, $"{canary} in {file}");
                bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(canary)).ShouldBe(-1, $"{canary} in {file}");
            }
            bytes.AsSpan().IndexOf(hidden.Secret.Export()).ShouldBe(-1, $"the event's secret in {file}");
        }
        // What may be there is found this way, so the search does search.
        files.Any(f => ReadShared(f).AsSpan().IndexOf("Spring hackathon"u8) >= 0).ShouldBeTrue();
        storage.Log.Lines.ShouldNotContain(l => l.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lost_key_ring_leaves_backends_unreadable_and_the_server_running()
    {
        await MakeAsync(Plain);
        Directory.Delete(directory["data/keys"], recursive: true);

        await using var storage = await StorageUnderTest.StartAsync(Plain);

        var reason = Backend(storage).ShouldBeOfType<BackendCredential.Unreadable>().Reason;
        reason.ShouldContain("'west'");
        reason.ShouldContain("set the API key again");
        storage.Log.Lines.ShouldContain($"Error: A secret cannot be read. {reason}");
        storage.Event("hackathon").State.ShouldBe(EventState.Open);
        await storage.MakeAsync(c => c.Backends.PutAsync(Examples.Backend));
        Backend(storage).ShouldBe(new BackendCredential.ApiKey(Examples.ApiKey));
    }

    [Fact]
    public async Task Lost_key_ring_loses_client_secrets_and_no_other_identity()
    {
        await using (var before = await StorageUnderTest.StartAsync(Plain))
        {
            await before.MakeAsync(c => c.Backends.PutAsync(Examples.Application));
            await before.MakeAsync(c => c.Backends.PutAsync(
                Examples.Application with { Name = "managed", Entra = new EntraDefinition { Kind = EntraIdentityKind.ManagedIdentity } }));
        }
        Directory.Delete(directory["data/keys"], recursive: true);

        await using var storage = await StorageUnderTest.StartAsync(Plain);

        var reason = Credential(storage, "application").ShouldBeOfType<BackendCredential.Unreadable>().Reason;
        reason.ShouldBe("The client secret of backend 'application' was encrypted with a key ring that is not here: bring that key ring back, or set the client secret again.");
        storage.Log.Lines.ShouldContain($"Error: A secret cannot be read. {reason}");
        Credential(storage, "managed").ShouldBeOfType<BackendCredential.Entra>();
        var view = (await storage.ReadAsync(t => t.Backends.ShowAsync("application")))!;
        (view.HasApiKey, view.HasClientSecret, view.Definition.Entra!.TenantId).ShouldBe((false, false, "contoso.example"));
        (await Verification.RunAsync(Plain, TimeProvider.System, CancellationToken.None))
            .ShouldBe(["The client secret of backend 'application' cannot be read with the key ring that is here."]);
        // What is edited meanwhile does not lose what the old key ring would open.
        await storage.MakeAsync(c => c.Backends.PutAsync(Examples.Application with { ApiVersion = "2025-01-01-preview", Entra = Examples.Application.Entra! with { ClientSecret = null } }));
        Credential(storage, "application").ShouldBeOfType<BackendCredential.Unreadable>();
        await storage.MakeAsync(c => c.Backends.PutAsync(Examples.Application));
        Credential(storage, "application").ShouldBeOfType<BackendCredential.Entra>().Secret.ShouldBe(Examples.ClientSecret);
    }

    [Fact]
    public async Task Lost_key_ring_pauses_events_that_hash_user_ids_and_closes_the_door_of_those_with_a_shared_secret()
    {
        await using (var before = await StorageUnderTest.StartAsync(Plain))
        {
            await before.MakeAsync(Examples.PutAllAsync);
            await before.MakeAsync(c => c.Events.PutAsync(Examples.Event with { Code = "hidden", HashesUserIds = true }));
            await before.MakeAsync(c => c.Events.PutAsync(
                Examples.Event with { Code = "shared", Entrance = Entrance.SharedSecret, SharedSecret = SharedSecret.New("open sesame".Replace(' ', '-')) }));
            before.Event("shared").IsSharedSecret("open-sesame").ShouldBeTrue();
            await before.EnterAsync("hidden", "somebody");
        }
        Directory.Delete(directory["data/keys"], recursive: true);

        await using var storage = await StorageUnderTest.StartAsync(Plain);

        storage.Event("hidden").State.ShouldBe(EventState.Paused);
        storage.Event("shared").IsSharedSecret("open-sesame").ShouldBeFalse();
        (await Should.ThrowAsync<ChangeRefusedException>(() => storage.MakeAsync(c => c.Keys.IssueAsync(EventCode.Parse("hidden"), "ada"))))
            .Message.ShouldContain("bring that key ring back");
        (await Should.ThrowAsync<ChangeRefusedException>(() => PutAgainAsync("shared", d => d))).Errors[0].Field.ShouldBe("SharedSecret");
        await PutAgainAsync("shared", d => d with { SharedSecret = SharedSecret.New("new-secret") });
        storage.Event("shared").IsSharedSecret("new-secret").ShouldBeTrue();

        Task PutAgainAsync(string code, Func<EventDefinition, EventDefinition> edit) => storage.MakeAsync(
            async c => await c.Events.PutAsync(edit((await c.Events.GetAsync(EventCode.Parse(code)))!)));
    }

    [Fact]
    public async Task Secret_moved_to_another_row_cannot_be_read()
    {
        await MakeAsync(Plain);
        RawDatabase.Run(
            directory["data/openai-proxy.db"],
            "INSERT INTO backend (name, endpoint, api_version, api_key_encrypted) SELECT 'thief', 'https://thief.example', api_version, api_key_encrypted FROM backend");

        await using var storage = await StorageUnderTest.StartAsync(Plain);

        storage.Snapshot.Backends.Single(b => b.Name == "thief").Credential.ShouldBeOfType<BackendCredential.Unreadable>();
        storage.Snapshot.Backends.Single(b => b.Name == "west").Credential.ShouldBeOfType<BackendCredential.ApiKey>();
    }

    [Fact]
    public async Task Client_secret_put_in_the_place_of_a_key_or_of_another_backend_cannot_be_read()
    {
        await MakeAsync(Plain);
        await using (var before = await StorageUnderTest.StartAsync(Plain))
            await before.MakeAsync(c => c.Backends.PutAsync(Examples.Application));
        RawDatabase.Run(
            directory["data/openai-proxy.db"],
            """
            INSERT INTO backend (name, endpoint, api_version, entra_kind, entra_tenant, entra_client, client_secret_encrypted)
                SELECT 'thief', 'https://thief.example', api_version, entra_kind, entra_tenant, entra_client, client_secret_encrypted FROM backend WHERE name = 'application';
            UPDATE backend SET api_key_encrypted = client_secret_encrypted, client_secret_encrypted = NULL, entra_kind = NULL, endpoint = 'https://thief.example' WHERE name = 'application'
            """);

        await using var storage = await StorageUnderTest.StartAsync(Plain);

        Credential(storage, "thief").ShouldBeOfType<BackendCredential.Unreadable>();
        Credential(storage, "application").ShouldBeOfType<BackendCredential.Unreadable>();
    }

    [Fact]
    public async Task Master_key_opens_the_key_ring_and_no_other_does()
    {
        var options = Plain with { MasterKey = MasterKeyText };
        await MakeAsync(options);

        await ShouldReadAsync(options, expected: true);
        KeyRingText().ShouldContain("masterKeySecret");
        KeyRingText().ShouldNotContain("<masterKey ");
        await ShouldReadAsync(Plain with { MasterKey = MasterKeyText + "!" }, expected: false);
        await ShouldReadAsync(Plain, expected: false);
        await ShouldReadAsync(options, expected: true);
    }

    [Fact]
    public async Task Certificate_opens_the_key_ring_and_no_other_does()
    {
        using var certificate = Certificate("CN=ours");
        using var other = Certificate("CN=other");
        await MakeAsync(Plain with { KeyRingCertificate = certificate });

        await ShouldReadAsync(Plain with { KeyRingCertificate = certificate }, expected: true);
        KeyRingText().ShouldNotContain("<masterKey ");
        await ShouldReadAsync(Plain with { KeyRingCertificate = other }, expected: false);
        await ShouldReadAsync(Plain with { KeyRingCertificate = certificate }, expected: true);
    }

    [Fact]
    public async Task Nodes_that_share_a_key_ring_read_each_others_secrets()
    {
        var one = Plain with { KeyRingDirectory = directory["ring"], MasterKey = MasterKeyText };
        await MakeAsync(one);
        Directory.CreateDirectory(directory["data2"]);
        File.Copy(directory["data/openai-proxy.db"], directory["data2/openai-proxy.db"]);

        await ShouldReadAsync(one with { DataDirectory = directory["data2"] }, expected: true);
        Directory.Exists(directory["data/keys"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(MasterKeyText, false)]
    public async Task Key_ring_elsewhere_is_warned_of_unless_it_is_encrypted(string? masterKey, bool isWarned)
    {
        await using var storage = await StorageUnderTest.StartAsync(Plain with { KeyRingDirectory = directory["ring"], MasterKey = masterKey });

        storage.Log.Lines.Any(l => l.StartsWith("Warning: The key ring in", StringComparison.Ordinal)).ShouldBe(isWarned);
    }

    [Fact]
    public async Task Short_master_key_is_refused_before_anything_is_made()
    {
        var refusal = await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(Plain with { MasterKey = MasterKeyText[1..] }));

        refusal.Message.ShouldContain("OPENAIPROXY_MASTER_KEY has 31 characters and needs at least 32");
        Directory.Exists(directory["data"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Certificate_without_private_key_is_refused()
    {
        using var certificate = Certificate("CN=ours");
        using var half = X509CertificateLoader.LoadCertificate(certificate.Export(X509ContentType.Cert));

        (await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(Plain with { KeyRingCertificate = half })))
            .Message.ShouldContain("no private key");
    }

    [Fact]
    public async Task Key_ring_that_is_no_directory_is_refused()
    {
        await File.WriteAllTextAsync(directory["ring"], "");

        (await Should.ThrowAsync<StorageException>(() => StorageUnderTest.StartAsync(Plain with { KeyRingDirectory = directory["ring"] })))
            .Message.ShouldContain("The key ring in");
    }

    [Fact]
    public void Master_key_refuses_what_was_changed()
    {
        var key = new MasterKey(MasterKeyText);
        var secret = key.Encrypt("plain"u8);

        Encoding.UTF8.GetString(key.Decrypt(secret)).ShouldBe("plain");
        for (var i = 0; i < secret.Length; i++)
        {
            var changed = secret.ToArray();
            changed[i] ^= 1;
            Should.Throw<CryptographicException>(() => key.Decrypt(changed), $"byte {i}");
        }
        Should.Throw<CryptographicException>(() => key.Decrypt(secret[..20]));
    }

    private static BackendCredential Credential(StorageUnderTest storage, string backend) => storage.Snapshot.Backends.Single(b => b.Name == backend).Credential;

    private static BackendCredential Backend(StorageUnderTest storage) => storage.Snapshot.Backends.Single().Credential;

    private static async Task MakeAsync(StorageOptions options)
    {
        await using var storage = await StorageUnderTest.StartAsync(options);
        await storage.MakeAsync(Examples.PutAllAsync);
    }

    private static async Task ShouldReadAsync(StorageOptions options, bool expected)
    {
        await using var storage = await StorageUnderTest.StartAsync(options);
        (Backend(storage) is BackendCredential.ApiKey).ShouldBe(expected);
    }

    private string KeyRingText() => string.Concat(Directory.GetFiles(directory["data/keys"]).Select(File.ReadAllText));

    private static byte[] ReadShared(string path)
    {
        // The lock's file cannot be opened while it is held, and it is empty.
        if (Path.GetFileName(path) == "lock")
            return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static X509Certificate2 Certificate(string subject)
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}

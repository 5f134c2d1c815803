using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace OpenAIProxy.Storage.Secrets;

/// <summary>Named in the key ring's files and made by data protection: neither name nor constructor may change.</summary>
internal sealed class MasterKeyDecryptor : IXmlDecryptor
{
    private readonly MasterKey? key;

    public MasterKeyDecryptor(IServiceProvider services) => key = services.GetService<MasterKey>();

    public XElement Decrypt(XElement encryptedElement)
    {
        if (key is null)
            throw new CryptographicException("The key ring is encrypted with a master key: set OPENAIPROXY_MASTER_KEY.");
        return XElement.Parse(Encoding.UTF8.GetString(key.Decrypt(Convert.FromBase64String(encryptedElement.Value))));
    }
}

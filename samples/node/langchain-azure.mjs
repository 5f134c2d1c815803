// npm install @langchain/openai@1.2.13 @langchain/core@1.2.13
import { AzureChatOpenAI } from '@langchain/openai';

const proxy = process.env.PROXY_URL ?? 'http://127.0.0.1:8080';

const model = new AzureChatOpenAI({
  azureOpenAIBasePath: `${proxy}/openai/deployments`,
  azureOpenAIApiDeploymentName: 'gpt-4o',
  azureOpenAIApiKey: 'hackathon/your-name',
  azureOpenAIApiVersion: '2024-10-21',
});

for await (const chunk of await model.stream('Write a poem about indian elephants'))
  process.stdout.write(chunk.content);
